-- Every source row of an activity, what it says of itself, and which event it is a copy of (N1 to N5).
create temp table message_row as
    select m.* replace (stood(nullif(trim(id), '')) as id, coalesce(stood(nullif(trim(id), '')), stood(stood(msgid(internetMessageId)) || '/' || coalesce(puser, ''))) as source_id),
        stood(msgid(internetMessageId)) as mid, privacy,
        list_filter(internetMessageHeaders, lambda h: h.name = 'in-reply-to' and trim(coalesce(h.value, ''), E' \t\r\n') <> '')[1].value as reply_to,
        list_filter(internetMessageHeaders, lambda h: h.name = 'references' and trim(coalesce(h.value, ''), E' \t\r\n') <> '')[1].value as refs,
        -- items of several mailboxes with one id and no message id
        count(*) filter (msgid(internetMessageId) is null and privacy is null and coalesce(coalesce(sentDateTime, receivedDateTime) < getvariable('cutoff'), true)) over (partition by id) as twins
    from messages m join exchange_privacy using (rid) where exchange_privacy.source = 'messages';
create temp table email_row as                                                                                  -- N1, N3, N5
    with r as (
        select 'email' as source, activityid as source_id, '0' || coalesce(activityid, '') as ord, null::bigint as rid, null as privacy,
            stood(msgid(messageid)) as mid, ids_in(inreplyto) as irt, conv_any(conversationindex) as conv, subject, regardingobjectid as regarding,
            directioncode as outgoing, coalesce(isemailfollowed, false) as followed, opencount, linksclickedcount, attachmentopencount, replycount,
            null as starter, false as automatic, coalesce(senton, actualend, createdon) as t,
            case when coalesce(IsDelete, false) then 'deleted' when activityid is null and msgid(messageid) is null then 'no_id'
                when statuscode = 1 then 'draft' when statuscode in (6, 7) then 'not_sent'
                when statuscode = 8 then 'failed' when statuscode = 5 then 'cancelled' when statuscode in (2, 3, 4) then null
                when statuscode is not null and statecode = 2 then 'cancelled'        -- a status of the organisation's own follows its state
                when coalesce(statecode, 0) <> 1 then 'draft' end as state
        from email
        union all by name
        select 'messages' as source, case when id is null and mid is null then stood('/' || puser) else source_id end as source_id,
            case when mid is null and id is not null and twins > 1 then id || '/' || coalesce(puser, '') end as with_mailbox,
            '1' || coalesce(source_id, '') || coalesce(chr(1) || puser, '') as ord, rid, privacy, mid,
            case when reply_to is not null then ids_in(reply_to) else last_reference(refs) end as irt, conv_b64(conversationIndex) as conv, subject,
            starter, robot(starter) or len(list_filter(internetMessageHeaders, lambda h: h.name in ('list-id', 'list-unsubscribe')                 -- N10
                or (h.name = 'auto-submitted' and lower(trim(h.value)) <> 'no')
                or (h.name = 'precedence' and lower(trim(h.value)) in ('bulk', 'list', 'junk', 'auto_reply')))) > 0 as automatic,
            coalesce(sentDateTime, receivedDateTime) as t,
            case when id is null and mid is null then 'no_id' when isDraft then 'draft'
                when contains(lower(ODataType), 'eventmessage') or coalesce(meetingMessageType, 'none') not in ('none', '') then 'meeting_message' end as state
        from message_row)
    select 'email' as kind, 'email:' || coalesce(mid, with_mailbox, source_id) as iid, * exclude (privacy, state, source_id, with_mailbox),
        coalesce(source_id, mid, strftime(t, '@%Y-%m-%dT%H:%M:%SZ'), '@') as source_id,
        coalesce(state, '') not in ('deleted', 'no_id') and privacy is null as permitted, 'held' as status, row_number() over (partition by coalesce(mid, with_mailbox, source_id) order by ord) as copy_order,
        coalesce(privacy, state, case when t is null then 'no_time' when t < timestamp '1990-01-01' then 'implausible_time' end) as reason
    from r where t is null or t < getvariable('cutoff');                                                        -- T3

create temp table meeting_row as
    with r as (
        select 'appointment' as source, activityid as source_id, '0' || coalesce(activityid, '') as ord, null::bigint as rid, null as privacy,
            stood(calendar_id(globalobjectid)) as gid, holds_day(upper(trim(globalobjectid))) as one_day, coalesce(instancetypecode in (2, 3, 4), false) as occurrence, coalesce(instancetypecode = 1, false) as master,
            coalesce(scheduledstart, actualstart, createdon) as t, scheduledstart as starts, createdon as known, statecode = 2 as cancelled,
            statecode = 1 or (statecode in (0, 3) and getvariable('past_is_held')) as held_if_past, coalesce(IsDelete, false) as deleted,
            coalesce(minutes(scheduledstart, scheduledend), scheduleddurationminutes, actualdurationminutes) as duration,           -- N4
            isalldayevent as all_day, ownerid, regardingobjectid as regarding, null as starter, 0 as lead_order, createdon as lead_created
        from appointment
        union all by name
        select 'calendar_view' as source, stood(source_id) as source_id, '1' || coalesce(stood(source_id), '') || coalesce(chr(1) || puser, '') as ord, rid, privacy, stood(calendar_id(iCalUId)) as gid, holds_day(upper(trim(iCalUId))) as one_day,
            coalesce(type in ('occurrence', 'exception'), false) as occurrence, coalesce(type = 'seriesmaster', false) as master, start_at as t, start_at as starts, calendar_view.createdDateTime as known,
            coalesce(isCancelled, false) as cancelled, true as held_if_past, false as deleted, minutes(start_at, end_at) as duration, isAllDay as all_day, starter,
            case when isOrganizer then 1 else 2 end as lead_order, calendar_view.createdDateTime as lead_created
        from calendar_view join calendar_time using (rid) join exchange_privacy using (rid) where exchange_privacy.source = 'calendar_view'),
    identified as (     -- an id that holds a day names an occurrence, whatever the row says
        select * exclude (gid, one_day), case when occurrence or coalesce(one_day, false) then dayless(gid) || coalesce(strftime(starts, '@%Y-%m-%dT%H:%M:%SZ'), '') else gid end as gid from r),
    known as (
        select * exclude (gid, source_id), coalesce(source_id, strftime(t, '@%Y-%m-%dT%H:%M:%SZ'), '@') as source_id,
            coalesce(privacy, case when deleted then 'deleted' when source_id is null and (rid is null or gid is null) then 'no_id' when master then 'series_master' end) as row_reason,
            'meeting:' || coalesce(gid, source_id) as iid
        from identified where t is null or t < getvariable('cutoff') or (not deleted and coalesce(known < getvariable('cutoff'), true))),    -- N2
    alive as (select *, row_number() over (partition by iid order by lead_order, lead_created nulls last, source_id, ord) as copy_order from known where row_reason is null),
    decided as (     -- N5: each of state, time and duration is that of the first copy that has one
        select iid, arg_min({'cancelled': cancelled, 'held_if_past': held_if_past}, copy_order) filter (cancelled is not null) as state,
            arg_min(t, copy_order) filter (t is not null) as t, arg_min(duration, copy_order) filter (can_be_length(duration)) as duration
        from alive group by iid),
    judged as (
        select a.* exclude (t, duration, held_if_past, cancelled), d.t, d.duration, coalesce(d.state.cancelled, false) as cancelled,
            case when d.state.cancelled then 'cancelled' when d.t is null then 'no_time' when d.t > getvariable('horizon') then 'implausible_time'
                when d.t >= getvariable('cutoff') then null when not coalesce(d.state.held_if_past, getvariable('past_is_held')) then 'never_completed'
                when d.t < timestamp '1990-01-01' then 'implausible_time' end as reason
        from alive a join decided d using (iid))
    select 'meeting' as kind, iid, source, source_id, ord, rid, regarding, ownerid, starter, all_day, t, duration, copy_order,
        t + to_microseconds(cast(duration * 6e7 as bigint)) as ended_at, case when t >= getvariable('cutoff') then 'planned' else 'held' end as status, reason
    from judged where t is null or t < getvariable('cutoff') or not cancelled
    union all by name
    select 'meeting' as kind, iid, source, source_id, row_reason as reason from known
    where row_reason is not null and (t is null or t < getvariable('cutoff') or not coalesce(cancelled, false));

create temp table call_row as       -- phone calls and tasks
    with r as (
        select 'phone_call' as kind, 'phonecall' as source, *, coalesce(actualend, actualstart, scheduledend, scheduledstart, createdon) as t from phonecall
        union all by name
        select 'task' as kind, 'task' as source, *, coalesce(actualend, scheduledend, createdon) as t from task),
    s as (select *, coalesce(scheduledstart, scheduledend) as plan, coalesce(createdon < getvariable('cutoff'), true) as known from r),
    v as (select *, case
            when coalesce(IsDelete, false) then case when t >= getvariable('cutoff') then 'nowhere' else 'deleted' end
            when activityid is null then case when t >= getvariable('cutoff') then 'nowhere' else 'no_id' end
            when statecode = 2 then case when coalesce(t, plan) >= getvariable('cutoff') then 'nowhere' else 'cancelled' end
            when statecode = 1 and t < getvariable('cutoff') then case when t < timestamp '1990-01-01' then 'implausible_time' else 'held' end
            when plan >= getvariable('cutoff') and known then case when plan > getvariable('horizon') then 'implausible_time' else 'planned' end
            when t >= getvariable('cutoff') then 'nowhere' when statecode = 1 then 'no_time' else 'never_completed' end as verdict from s)
    select kind, source, coalesce(activityid, strftime(t, '@%Y-%m-%dT%H:%M:%SZ'), '@') as source_id, '0' || activityid as ord, kind || ':' || activityid as iid,
        null::bigint as rid, regardingobjectid as regarding, directioncode as outgoing, case when verdict = 'planned' then plan else t end as t, verdict as status, 1 as copy_order,
        case when kind = 'phone_call' and verdict = 'held' then actualend end as ended_at,
        case when can_be_length(actualdurationminutes) and (verdict = 'held' or (kind = 'phone_call' and actualstart is null)) then actualdurationminutes end as duration,
        case when verdict not in ('held', 'planned') then verdict end as reason
    from v where verdict <> 'nowhere';

create temp view source_row as
    select * from email_row union all by name select * from meeting_row union all by name select * from call_row;
create temp view live as select * from source_row where reason is null;
