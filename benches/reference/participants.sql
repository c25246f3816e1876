-- Who took part in what (P1 to P4).
create temp table party as
    select distinct activityid, coalesce(partyid, '') as p,
        case when partyid_entitytype in ('systemuser', 'queue', 'team', 'equipment') then partyid_entitytype else '' end as k,
        coalesce(addressused, '') as a, case when participationtypemask in (1, 7) then 1 when participationtypemask in (2, 5) then 2
            when participationtypemask in (3, 6) then 3 else 4 end as rank
    from activityparty where participationtypemask between 1 and 7 and (partyid is not null or addressused is not null);
create temp table mention as        -- who is named in which interaction, by all its copies
    with copy as (select distinct iid, copy_order, m.starter, toRecipients, ccRecipients, bccRecipients from live join messages m using (rid) where live.source = 'messages'),
    invitation as (select distinct iid, copy_order, organizer, attendees from live join calendar_view using (rid) where live.source = 'calendar_view'),
    attendee as (select iid, copy_order, unnest(attendees) as x from invitation)
    select iid, copy_order, p, k, a, rank, false as declined from live join party on party.activityid = live.source_id where live.rid is null
    union all by name select iid, copy_order, starter as a, 1 as rank from copy
    union all by name select iid, unnest(toRecipients) as a, 2 as rank from copy
    union all by name select iid, unnest(ccRecipients) as a, 3 as rank from copy
    union all by name select iid, unnest(bccRecipients) as a, 4 as rank from copy
    union all by name select iid, copy_order, organizer as a, 1 as rank from invitation
    union all by name select iid, copy_order, x.address as a, case enumeration(x.kind) when 'optional' then 3 else 2 end as rank, enumeration(x.response) = 'declined' as declined
        from attendee where coalesce(enumeration(x.kind), '') <> 'resource';

create temp table ident as      -- P2, P3: each distinct way of naming a person, resolved once
    with way as (select distinct coalesce(p, '') as p, coalesce(k, '') as k, coalesce(a, '') as a from mention
        union select '', '', starter from live where starter is not null),
    named as (select way.p, k, a, su.systemuserid as ps, c.master_id as pc, l.master_id as pl, ac.master_id as pa, addr(a) as own_address,
            coalesce(addr(a), c.email, l.email) as address
        from way left join systemuser su on su.systemuserid = way.p left join contact_all c on c.contactid = way.p and k = ''
            left join lead_all l on l.leadid = way.p and k = '' left join stands_for ac on ac.record_type = 'account' and ac.record_id = way.p and k = ''),
    r as (select *, own_address is null and address is null and coalesce(ps, pc, pl, pa) is null as faceless from named where address is not null or p <> ''),
    host as (select distinct split_part(address, '@', -1) as host from r where address like '%@%'),
    company as (select distinct host from host join company_domain d on host = d.name or ends_with(host, '.' || d.name)),
    side as (select r.*, coalesce(ps, case when k in ('', 'systemuser') then ca.systemuserid end) as colleague,
            ps is not null or k <> '' or ca.systemuserid is not null or company.host is not null or starts_with(coalesce(address, ''), '/o=') as ours,
            ps is null and coalesce(address in (select address from erased_address), false) as erased_way
        from r left join colleague_address ca using (address) left join company on company.host = split_part(address, '@', -1) and address like '%@%'),
    matched as (select side.* exclude (pa), case when not ours then coalesce(pc, case when own_address is not null then ca.contactid end) end as contact,
            case when not ours then case when pl is not null then [pl] else la.leads end end as leads, case when not ours then pa end as account
        from side left join contact_address ca using (address) left join lead_address la using (address)
        where not side.erased_way
        union all by name select * exclude (pa) from side where erased_way),     -- C4: a row with an erased address is about nobody but that address, whatever record it names
    people as (select *, case when colleague is not null then ps is not null when ours then p <> '' when contact is not null then pc is not null
                when leads is not null then pl is not null else p <> '' end as by_id,
            case when colleague is not null then 'u:' || colleague when ours then 'i:' || coalesce(address, p)
            else coalesce('c:' || contact, 'l:' || leads[1], 'a:' || account, 'x:' || address, 'n:' || p) end as person from matched)
    select row_number() over () as ident, p, k, a, own_address, people.address, ours, leads, account, person, faceless, by_id,
        {'class': position(person[1] in 'uclaixn'), 'disabled': coalesce(u.isdisabled, false), 'who': person} as standing,
        erased_way, erased_way or exists (select 1 from erased_record where id in (p, people.colleague, people.contact)) or exists (select 1 from erased_record where list_contains(leads, id)) as erased
    from people left join systemuser u on u.systemuserid = colleague;
create temp table by_address as     -- whom an address alone names
    select distinct address, person from ident where p = '' and k = '' and address is not null
    union select i.own_address, coalesce('u:' || ca.systemuserid, 'c:' || c.contactid, 'l:' || l.leads[1]) from ident i
        left join colleague_address ca on ca.address = i.own_address left join contact_address c on c.address = i.own_address left join lead_address l on l.address = i.own_address
    where i.own_address is not null and not (i.ours and ca.systemuserid is null) and coalesce('u:' || ca.systemuserid, 'c:' || c.contactid, 'l:' || l.leads[1]) is not null;
create temp table naming as
    select iid, copy_order, ident, rank, coalesce(declined, false) as declined, ours, faceless, address, standing
    from mention m join ident i on i.a = coalesce(m.a, '') and i.p = coalesce(m.p, '') and i.k = coalesce(m.k, '');
create temp table in_mailbox as     -- interactions whose people a copy in Exchange names by address
    select distinct iid from live join mention using (iid) where live.rid is not null and addr(a) is not null and p is null;
create temp table start as          -- N5, N6: the copy that says who sent or organized it, before erased people are removed
    with s as (select n.iid, n.copy_order, ours, address, standing, faceless and m.iid is not null as weak
        from naming n left join in_mailbox m using (iid) where rank = 1)
    select iid, arg_min(ours, {'weak': weak, 'copy': copy_order, 'standing': standing}) as ours, arg_min(copy_order, {'weak': weak, 'copy': copy_order}) as copy_order,
        bool_or(robot(address)) as robot from s group by iid;
create temp table part_row as
    select n.iid, n.ident, case when rank = 1 and split_part(n.iid, ':', 1) = 'meeting' and n.copy_order <> s.copy_order then 2 else rank end as rank, declined
    from naming n left join start s using (iid) where not (faceless and n.iid in (select iid from in_mailbox));
create temp table here as           -- who is here, and whether a party names them by id
    select iid, person, min(standing) as standing, bool_or(by_id) as by_id from part_row join ident using (ident) group by iid, person;
create temp table alter_ego as      -- P4: one address is one person, also where a record was matched by id; who is named stands before who is not
    with claim as (
        select distinct iid, own_address as address, person from part_row join ident using (ident) where own_address is not null
        union select p.iid, i.own_address, h.person from part_row p join ident i using (ident) join by_address b on b.address = i.own_address
            join here h on h.iid = p.iid and h.person = b.person),
    shared as (select * from claim qualify count(*) over (partition by iid, address) > 1),
    ranked as (select iid, shared.address, person, {'class': position(person[1] in 'uclaixn'), 'unnamed': not h.by_id, 'disabled': coalesce(u.isdisabled, false),
            'level': coalesce(ua.level, ka.level, 9), 'inactive': coalesce(ka.inactive, k2.inactive, 0), 'created': coalesce(ka.created, k2.created, timestamp '9999-12-31'), 'who': person} as standing
        from shared join here h using (iid, person) left join systemuser u on person[1] = 'u' and u.systemuserid = person[3:]
            left join (select address, systemuserid, min(level) as level from colleague_address_all group by all) ua on ua.address = shared.address and 'u:' || ua.systemuserid = person
            left join contact_address_all ka on ka.address = shared.address and 'c:' || ka.contactid = person
            left join (select contactid, case when coalesce(statecode, 0) = 0 then 0 else 1 end as inactive, createdon as created from contact_d) k2 on 'c:' || k2.contactid = person),
    best as (select *, arg_min(person, standing) over (partition by iid, address) as top, min(standing) over (partition by iid, address) as top_standing from ranked)
    select iid, person, arg_min(top, top_standing) as as_person from best group by iid, person having arg_min(top, top_standing) <> person;
create temp table mixed as
    select iid, coalesce(as_person, person) as person, rank, declined, ident.* exclude (person, erased), erased and as_person is null or erased_way as erased
    from part_row join ident using (ident) left join alter_ego using (iid, person);
create temp table everyone as
    select iid, person, min(rank) as rank, bool_or(declined) and min(rank) > 1 as declined, person[1] in ('u', 'i') as ours, bool_or(erased) as erased
    from mixed group by iid, person;
create temp view participant as select * from everyone where not erased;
create temp table person_ref as      -- the records a participant stands for
    select iid, person, case person[1] when 'u' then 'systemuser' else 'contact' end as ref_type, person[3:] as ref_id, rank, declined
        from participant where person[1] in ('u', 'c')
    union all select iid, person, 'account', m.account, min(m.rank), any_value(p.declined) from mixed m join participant p using (iid, person) where m.account is not null and not p.ours group by iid, person, m.account
    union all select distinct iid, person, 'lead', leadid, p.rank, p.declined
        from (select distinct iid, person, unnest(leads) as leadid from mixed where leads is not null and person[1] not in ('u', 'i')) join participant p using (iid, person);
create temp table headcount as
    select iid, count(*) filter (not erased and person[1] = 'u' and not declined) as colleagues, count(*) filter (not erased and not ours) as externals,
        count(*) filter (not erased and not ours and not declined) as externals_present, count(*) filter (rank > 1) as recipients,
        count(*) filter (erased and not ours) as externals_erased
    from everyone group by iid;
