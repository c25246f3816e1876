-- Runs and answers (K3 to K5), time spent (K6), counts and instants (K1, K7, K8), accuracy (K12).
create temp table turn as                                                                                       -- K3
    with mail as (select iid, thread_id, direction, occurred_at, lag(direction) over w is distinct from direction as starts
                  from event where kind = 'email' and direction is not null window w as (partition by thread_id order by occurred_at, iid)),
    run as (select *, lead(occurred_at) over (partition by thread_id order by occurred_at, iid) as next_at from mail where starts)
    select iid, direction, case when next_at <= occurred_at + getvariable('response_horizon') then next_at end as answered_at,
        minutes(occurred_at, answered_at) / 60 as hours, answered_at is not null or occurred_at + getvariable('response_horizon') < getvariable('cutoff') as due
    from run;
create temp table contribution as                                                                               -- K6: minutes, and whether it takes that side time at all
    select *, case kind when 'email' then case direction when 'outbound' then 5 when 'inbound' then 2.5 end
            when 'meeting' then duration * greatest(1, colleagues) else duration end::double as us_minutes,
        case kind when 'email' then case direction when 'outbound' then 2.5 when 'inbound' then 5 end else duration end::double as them_minutes,
        kind in ('email', 'phone_call') or (kind = 'meeting' and externals_present > 0) as takes_them,
        kind = 'meeting' and colleagues > 0 and externals_present > 0 as takes_both,
        followed and direction = 'outbound' and kind = 'email' as followed_sent
    from event;
create temp table activity as
    select record_type, record_id, count(*) as interactions,
        count(*) filter (kind = 'email' and direction = 'outbound') as emails_sent, count(*) filter (kind = 'email' and direction = 'inbound') as emails_received,
        count(*) filter (kind = 'meeting' and direction = 'outbound') as meetings_sent, count(*) filter (kind = 'meeting' and direction = 'inbound') as meetings_received,
        count(*) filter (kind = 'phone_call' and direction = 'outbound') as phone_calls_made,
        count(*) filter (kind = 'phone_call' and direction = 'inbound') as phone_calls_received,
        sum(us_minutes) as minutes_spent_by_us,
        case when count(*) filter (takes_them) = 0 then 0 else sum(them_minutes) filter (takes_them) end as minutes_spent_by_them,
        case when count(*) filter (takes_both) = 0 then 0 else sum(duration::double) filter (takes_both) end as face_time_minutes,
        count(*) filter (kind <> 'email' and duration is null) as interactions_without_duration,
        count(*) filter (followed_sent) as followed_emails_sent, count(*) filter (followed_sent and opened) as followed_emails_opened,
        count(*) filter (followed_sent and clicked) as followed_emails_clicked, count(*) filter (followed_sent and attachment_opened) as followed_emails_attachment_opened,
        count(*) filter (followed_sent and replied) as followed_emails_replied, min(occurred_at) as first_interaction_at,
        arg_min({'at': occurred_at, 'kind': kind, 'direction': direction, 'id': iid}, (-epoch_us(occurred_at), iid)) as last
    from link join contribution using (iid) where status = 'held' group by record_type, record_id;
create temp table upcoming as
    select record_type, record_id, arg_min({'at': occurred_at, 'kind': kind, 'direction': direction, 'id': iid}, (epoch_us(occurred_at), iid)) as next
    from link join event using (iid) where status = 'planned' group by record_type, record_id;
create temp table response as                                                                                   -- K4, K5
    select record_type, record_id,
        count(*) filter (direction = 'inbound' and due) as due_us, count(hours) filter (direction = 'inbound') as done_us,
        count(*) filter (direction = 'outbound' and due) as due_them, count(hours) filter (direction = 'outbound') as done_them,
        avg(hours) filter (direction = 'inbound') as avg_us, quantile_cont(hours, 0.5) filter (direction = 'inbound') as median_us,
        quantile_cont(hours, 0.9) filter (direction = 'inbound') as p90_us,
        avg(hours) filter (direction = 'outbound') as avg_them, quantile_cont(hours, 0.5) filter (direction = 'outbound') as median_them,
        quantile_cont(hours, 0.9) filter (direction = 'outbound') as p90_them
    from link join turn using (iid) group by record_type, record_id;

create temp table accuracy as                                                                                   -- K12, C1
    with newest as (
        select (select max(coalesce(SinkModifiedOn, createdon)) from (select SinkModifiedOn, createdon from raw_email union all select SinkModifiedOn, createdon
                from raw_appointment union all select SinkModifiedOn, createdon from raw_phonecall union all select SinkModifiedOn, createdon from raw_task)) as dataverse,
            (select max(createdDateTime) from exchange_privacy where privacy is null) as exchange)
    select case when coalesce(dataverse < getvariable('fresh_from'), true) then 'partial'
        when getvariable('consent') and coalesce(exchange < getvariable('fresh_from'), true) then 'partial'
        when not getvariable('consent') and coalesce(getvariable('today') < getvariable('enabled_on') + 14, false) then 'partial' else 'complete' end as computation_accuracy
    from newest;
