-- T3, P3: the records that exist at D, and for each the record it stands for: merged ones their master
create temp table known_record as
    select 'account' as record_type, accountid as record_id, case when coalesce(merged, true) then masterid end as master from account where createdon is null or createdon < getvariable('cutoff')
    union all select 'contact', contactid, case when coalesce(merged, true) then masterid end from contact where createdon is null or createdon < getvariable('cutoff')
    union all select 'lead', leadid, case when coalesce(merged, true) then masterid end from lead where createdon is null or createdon < getvariable('cutoff')
    union all select 'opportunity', opportunityid, null from opportunity where createdon is null or createdon < getvariable('cutoff');
create temp table stands_for as
    with recursive step as (
        select r.record_type, r.record_id, m.record_id as master from known_record r
            left join known_record m on m.record_type = r.record_type and m.record_id = r.master and m.record_id <> r.record_id),
    walk(record_type, record_id, spot, path, ring) as (
        select record_type, record_id, record_id, [record_id], null::varchar from step
        union all
        select w.record_type, w.record_id, s.master, list_append(w.path, s.master),
            case when list_contains(w.path, s.master) then list_min(w.path[list_position(w.path, s.master):]) end
        from walk w join step s on s.record_type = w.record_type and s.record_id = w.spot
        where s.master is not null and w.ring is null)
    select record_type, record_id, coalesce(ring, spot) as master_id from walk
    qualify row_number() over (partition by record_type, record_id order by len(path) desc) = 1;
create temp table account_d as select a.* from account a join stands_for s on record_type = 'account' and record_id = accountid and master_id = accountid;
create temp table contact_all as select c.*, master_id, coalesce(emailaddress1, emailaddress2, emailaddress3) as email
    from contact c join stands_for on record_type = 'contact' and record_id = contactid;
create temp table lead_all as select l.*, master_id, coalesce(emailaddress1, emailaddress2, emailaddress3) as email
    from lead l join stands_for on record_type = 'lead' and record_id = leadid;
create temp table contact_d as select c.* replace (coalesce(s.master_id, c.parentcustomerid) as parentcustomerid)
    from contact_all c left join stands_for s on s.record_id = c.parentcustomerid and s.record_type in ('account', 'contact') where c.master_id = contactid;
create temp table lead_d as select * from lead_all where master_id = leadid;
create temp table opportunity_d as
    with o as (
        select o.* replace (case when statecode <> 0 then actualclosedate end as actualclosedate,                                   -- T5
            coalesce(a.master_id, o.parentaccountid) as parentaccountid, coalesce(c.master_id, o.parentcontactid) as parentcontactid,
            coalesce(x.master_id, o.customerid) as customerid),
            case when coalesce(customerid_entitytype, x.record_type) = 'account' then coalesce(x.master_id, o.customerid) end as customer_account
        from opportunity o left join stands_for a on a.record_type = 'account' and a.record_id = o.parentaccountid
            left join stands_for c on c.record_type = 'contact' and c.record_id = o.parentcontactid
            left join stands_for x on x.record_type in ('account', 'contact') and x.record_id = o.customerid
                and x.record_type = coalesce(o.customerid_entitytype, x.record_type)
        where createdon is null or createdon < getvariable('cutoff'))
    select *, coalesce(parentaccountid, customer_account) as account_id from o;                                                     -- L4

-- P1: further addresses in the directory of Exchange, with the mailbox that they belong to
create temp table directory_user as
    select coalesce(puser, id) as box, id, puser, mail, userPrincipalName as upn, usageLocation, list_filter(list_transform(proxyAddresses,
        lambda p: case when regexp_matches(trim(p), '^(smtp|x500|ex):', 'i') then addr(trim(p)) when position(':' in p) = 0 and position('@' in p) > 0 then addr(p) end),
        lambda p: p is not null) as proxies, filename, file_row_number
    from users where not coalesce(rowinformation, false);
-- P2: colleague addresses
create temp table named_address as
    select addr as address, systemuserid, coalesce(isdisabled, false) as disabled, false as is_alias
    from (select unnest(list_concat([internalemailaddress, domainname], list_transform(further, lambda f: f.address))) as addr, systemuserid, isdisabled from systemuser) where addr is not null
    union all
    select address, systemuserid, coalesce(isdisabled, false), true from aliases join systemuser using (systemuserid) where address is not null;
create temp table named_colleague as
    select address, arg_min(systemuserid, (disabled, is_alias, systemuserid)) as systemuserid from named_address group by address;
create temp table box_user as       -- C2: the colleague of each mailbox in the directory
    with aad as (select azureactivedirectoryobjectid as box, arg_min(systemuserid, (coalesce(isdisabled, false), systemuserid)) as systemuserid
                 from systemuser where azureactivedirectoryobjectid is not null group by 1)
    select u.box, u.mail, u.upn, u.proxies, coalesce(a.systemuserid, b.systemuserid, m.systemuserid, n.systemuserid) as systemuserid
    from directory_user u left join aad a on a.box = u.puser left join aad b on b.box = u.id
        left join named_colleague m on m.address = u.mail left join named_colleague n on n.address = u.upn;
create temp table colleague_address_all as
    select *, case when is_alias then 1 else 0 end as level from named_address
    union all select unnest(proxies), systemuserid, coalesce(isdisabled, false), true, 1 from box_user join systemuser using (systemuserid) where getvariable('consent');
create temp table colleague_address as
    select address, arg_min(systemuserid, (disabled, is_alias, systemuserid)) as systemuserid from colleague_address_all group by address;

-- P3: contact and lead addresses; those of a merged record rank as its master's would
create temp table contact_address_all as
    with a as (
        select unnest([emailaddress1, emailaddress2, emailaddress3]) as address, unnest([1, 2, 3]) as level, master_id from contact_all
        union all select f.address, f.level, master_id from (select unnest(further) as f, master_id from contact_all)
        union all select address, 4, master_id from aliases join contact_all using (contactid))
    select address, min(level) as level, a.master_id as contactid, any_value(case when coalesce(m.statecode, 0) = 0 then 0 else 1 end) as inactive,
        any_value(coalesce(m.createdon, timestamp '9999-12-31')) as created
    from a join contact_d m on m.contactid = a.master_id where address is not null group by address, a.master_id;
create temp table contact_address as
    select address, arg_min(contactid, (level, inactive, created, contactid)) as contactid from contact_address_all group by address;
create temp table lead_address as
    with a as (select unnest([emailaddress1, emailaddress2, emailaddress3]) as address, unnest([1, 2, 3]) as level, master_id from lead_all
        union all select f.address, f.level, master_id from (select unnest(further) as f, master_id from lead_all))
    select address, list_sort(list(distinct master_id)) as leads
    from (select * from a where address is not null qualify level = min(level) over (partition by address)) group by address;

-- C4: erased records (r:), mailboxes (m:) and addresses (a:), to a fixpoint, over the current rows of the whole lake
create temp table erased as
    with recursive held as (
        select 'r:' || contactid as r, 'a:' || unnest([emailaddress1, emailaddress2, emailaddress3]) as a from contact
        union all select 'r:' || leadid, 'a:' || unnest([emailaddress1, emailaddress2, emailaddress3]) from lead
        union all select 'r:' || contactid, 'a:' || unnest(list_transform(further, lambda f: f.address)) from contact
        union all select 'r:' || leadid, 'a:' || unnest(list_transform(further, lambda f: f.address)) from lead
        union all select 'r:' || systemuserid, 'a:' || address from named_address
        union all select 'r:' || systemuserid, 'a:' || unnest(proxies) from box_user where systemuserid is not null
        union all select 'm:' || box, 'a:' || unnest(list_concat([mail, upn], coalesce(proxies, []))) from box_user
        union all select 'm:' || box, 'r:' || systemuserid from box_user where systemuserid is not null
        union all select 'r:' || contactid, 'a:' || address from aliases where contactid is not null
        union all select 'r:' || contactid, 'r:' || masterid from contact where coalesce(merged, true) and masterid is not null
        union all select 'r:' || leadid, 'r:' || masterid from lead where coalesce(merged, true) and masterid is not null),
    edge as (select r as x, a as y from held where a is not null union select a, r from held where a is not null),
    closure(node) as (
        select case when kind = 'address' or principal like '%@%' then 'a:' || addr(principal) else 'r:' || guid(principal) end from erasures where principal is not null
        union select y from closure join edge on x = node)
    select node from closure where node is not null;
create temp table erased_record as select substr(node, 3) as id from erased where node like 'r:%';
create temp table erased_address as select substr(node, 3) as address from erased where node like 'a:%';
create temp table erased_box as select substr(node, 3) as box from erased where node like 'm:%';

create temp table live_record as    -- what an activity can regard, and what gets a row
    select 'account' as record_type, accountid as record_id from account_d
    union all select 'contact', contactid from contact_d where contactid not in (select id from erased_record)
    union all select 'lead', leadid from lead_d where leadid not in (select id from erased_record)
    union all select 'opportunity', opportunityid from opportunity_d;
create temp table regarded as       -- each id by which a live record can be named
    select s.record_id as id, record_type, master_id as record_id from stands_for s semi join live_record l on l.record_type = s.record_type and l.record_id = s.master_id;
