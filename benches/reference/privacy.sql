-- Which rows of Exchange may be used (C1, C2, C4), and when its events are (I8).
create temp table zone as        -- I8: any name -> IANA name, found by zones.py; unknown reads as UTC
    select name, coalesce(iana, 'UTC') as iana from zone_name;
create temp table calendar_time as
    with t as (select rid, nullif(try_cast("start".dateTime as timestamp), timestamp '0001-01-01') as s, coalesce(zs.iana, 'UTC') as zs,
                      nullif(try_cast("end".dateTime as timestamp), timestamp '0001-01-01') as e, coalesce(ze.iana, 'UTC') as ze
               from calendar_view left join zone zs on zs.name = "start".timeZone left join zone ze on ze.name = "end".timeZone)
    select rid, timezone('UTC', timezone(zs, s)) as start_at, timezone('UTC', timezone(ze, e)) as end_at from t;

create temp table mailbox as                                                                                    -- C2
    with m as (select distinct coalesce(puser, '') as puser from (select puser from messages union all select puser from calendar_view)),
    u as (select unnest(list_distinct([id, puser])) as puser, box, mail, upn, proxies, usageLocation, filename, file_row_number from directory_user),
    u1 as (select * from u where puser is not null qualify row_number() over (partition by puser order by filename desc, file_row_number desc) = 1),
    aad as (select azureactivedirectoryobjectid as puser, arg_min(systemuserid, (coalesce(isdisabled, false), systemuserid)) as systemuserid
            from systemuser where azureactivedirectoryobjectid is not null group by 1)
    select m.puser, coalesce(aad.systemuserid, ca1.systemuserid, ca2.systemuserid) as systemuserid, u1.box, u1.mail, u1.upn, u1.proxies,
        upper(trim(coalesce(o.country, u1.usageLocation, getvariable('default_country')))) as country
    from m left join u1 using (puser) left join aad using (puser)
        left join colleague_address ca1 on ca1.address = u1.mail left join colleague_address ca2 on ca2.address = u1.upn
        left join country_override o on o.mailbox in (m.puser, u1.mail, u1.upn);
create temp table mailbox_name as       -- everything an opt-out may call a mailbox by
    select puser, puser as name from mailbox
    union select puser, systemuserid from mailbox where systemuserid is not null
    union select puser, unnest(list_concat([mail, upn], coalesce(proxies, []))) from mailbox
    union select puser, address from mailbox join colleague_address_all using (systemuserid);
create temp table selected_role as
    with hit as (select roleid from role where list_contains(getvariable('roles'), lower(trim(name))) or list_contains(getvariable('roles'), roleid))
    select roleid from hit union select roleid from role where parentrootroleid in (select roleid from hit)
        or list_contains(getvariable('roles'), parentrootroleid);
create temp table mailbox_rule as
    with o as (select puser, min(coalesce(effective_from, date '0001-01-01')) as opted_out_from
               from mailbox_name join (select unnest([guid(principal), addr(principal)]) as name, effective_from from opt_outs) using (name) group by puser)
    select puser, opted_out_from,
        coalesce(systemuserid in (select id from erased_record), false) or coalesce(mail in (select address from erased_address), false)
            or coalesce(upn in (select address from erased_address), false)
            or coalesce(box in (select box from erased_box), false) as is_erased,
        len(getvariable('roles')) = 0 or coalesce(systemuserid in (
            select systemuserid from systemuserroles join selected_role using (roleid)), false) as has_role,
        coalesce(list_contains(getvariable('regions'), country), false) as in_region
    from mailbox left join o using (puser);
create temp table exchange_privacy as       -- one row per Exchange row, with its privacy reason or null; first that holds
    with x as (select 'messages' as source, rid, coalesce(puser, '') as puser, coalesce(sentDateTime, receivedDateTime) as t, createdDateTime from messages
               union all select 'calendar_view', rid, coalesce(puser, ''), start_at, createdDateTime from calendar_view join calendar_time using (rid))
    select source, rid, createdDateTime, case
        when not getvariable('consent') then 'no_consent'
        when opted_out_from = date '0001-01-01' or coalesce(opted_out_from <= local_day(t), opted_out_from is not null) then 'opted_out'      -- at an unknown time: out
        when is_erased then 'erased' when not has_role then 'role_not_selected' when not in_region then 'region_not_supported' end as privacy
    from x join mailbox_rule using (puser);
