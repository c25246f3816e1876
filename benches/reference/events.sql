-- Copies merged into events (N5), with direction (N6) and what drops them (N8 to N11); threads (N7).
create temp table merged as
    select iid, min(kind) as kind, min(status) as status, min(t) as occurred_at, max(ended_at) as ended_at, max(duration) as duration,
        bool_or(rid is null) as in_dataverse, bool_or(rid is not null) as in_exchange, arg_min(regarding, copy_order) as regarding, arg_min(outgoing, ord) as outgoing,
        arg_min(ownerid, ord) as ownerid, coalesce(bool_or(all_day), false) as all_day, coalesce(bool_or(automatic or reads_automatic), false) as automatic,
        -- one copy whose subject says so is enough
        coalesce(bool_or(followed), false) as followed, coalesce(max(opencount), 0) > 0 as opened, coalesce(max(linksclickedcount), 0) > 0 as clicked,
        coalesce(max(attachmentopencount), 0) > 0 as attachment_opened, coalesce(max(replycount), 0) > 0 as replied
    from (select *, kind = 'email' and (regexp_matches(trim(coalesce(subject, ''), E' \t\r\n' || chr(160)), getvariable('automatic_subject'))
        or coalesce(list_bool_or(list_transform(getvariable('automated_subjects')::varchar[], lambda p: starts_with(lower(trim(coalesce(subject, ''))), p))), false)) as reads_automatic
        from live) group by iid;
create temp table event_all as
    with e as (
        select m.*, coalesce(colleagues, 0) as colleagues, coalesce(externals, 0) as externals, coalesce(externals_present, 0) as externals_present,
            coalesce(recipients, 0) as recipients, coalesce(externals_erased, 0) as externals_erased, r.record_id is not null as regards_live,
            automatic or coalesce(s.robot, false) as automated,
            case kind when 'task' then null when 'phone_call' then coalesce(outgoing, s.ours) when 'email' then coalesce(s.ours, outgoing)
                else coalesce(s.ours, case when ownerid is not null then true end) end as outbound
        from merged m left join headcount using (iid) left join start s using (iid) left join (select id, any_value(record_id) as record_id from regarded group by id) r on r.id = m.regarding)
    select *, case outbound when true then 'outbound' when false then 'inbound' end as direction, case                  -- N8..N11
        when externals = 0 and externals_erased > 0 and (kind = 'email' or not regards_live) then 'erased'
        when externals = 0 and not (regards_live and (kind <> 'email' or not getvariable('need_external'))) then 'internal_only'
        when kind = 'email' and automated and getvariable('exclude_automated') then 'automated'
        when kind = 'email' and recipients > getvariable('max_recipients') then 'mass_mail'
        when kind = 'meeting' and getvariable('exclude_all_day') and (all_day or duration >= 1440) then 'all_day_or_longer'
        when kind = 'meeting' and externals > 0 and externals_present = 0 then 'declined' end as reason
    from e;
create temp table dropped as
    select source, source_id, reason from source_row where reason is not null
    union select l.source, l.source_id, e.reason from live l join event_all e using (iid) where e.reason is not null;
create temp table node as                                                                                       -- N7
    select iid, bool_or(mid is not null) as has_mid, arg_min(conv, ord) as conv, arg_min(irt, ord) as parents
    from email_row where permitted and iid not in (select iid from event_all where reason = 'erased') group by iid;
create temp table parent_of as      -- I8: the last that the lake holds
    with p as (select iid, unnest(list_transform(parents, lambda x: 'email:' || stood(x))) as parent, generate_subscripts(parents, 1) as place from node where parents is not null)
    select p.iid, arg_max(parent, place) as parent from p join node n on n.iid = p.parent and n.has_mid group by p.iid;
create temp table jump as
    with l as (select n.iid, n.conv is null and p.parent is not null as linked, p.parent from node n left join parent_of p using (iid))
    select l.iid, case when l.linked then l.parent else l.iid end as anc, not l.linked or not a.linked as done,
        case when l.linked then least(l.iid, l.parent) else l.iid end as smallest
    from l left join l a on a.iid = l.parent;
