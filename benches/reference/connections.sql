-- Who of us was in touch with whom of theirs in the past 365 days (W1).
create temp table edge as
    with ours as (select iid, ref_id as systemuser_id, rank from person_ref where ref_type = 'systemuser' and rank <= 3 and not declined),
    theirs as (select iid, ref_type as person_type, ref_id as person_id, min(rank) as rank from person_ref
        where ref_type in ('contact', 'lead') and rank <= 3 and not declined group by all)
    select systemuser_id, person_type, person_id, iid, kind, occurred_at, day,
        case when kind <> 'email' then direction when ours.rank = 1 then 'outbound' else 'inbound' end as direction
    from event join ours using (iid) join theirs using (iid)
    where status = 'held' and day between getvariable('today') - 364 and getvariable('today')
        and case kind when 'email' then (ours.rank = 1) <> (theirs.rank = 1) when 'meeting' then true when 'phone_call' then getvariable('calls_connect') else false end;
create temp table account_edge as      -- one interaction with several contacts of an account is one
    select distinct systemuser_id, c.record_id as account_id, iid, kind, occurred_at, day, direction
    from edge join customer_side c on c.record_type = 'account' and c.ref_type = 'contact' and person_type = 'contact' and c.ref_id = person_id;
create macro known(edges, ends) as table
    select columns(ends), count(*) as interactions, count(*) filter (kind = 'email' and direction = 'outbound') as emails_out,
        count(*) filter (kind = 'email' and direction = 'inbound') as emails_in, count(*) filter (kind = 'meeting') as meetings,
        count(*) filter (kind = 'phone_call') as phone_calls, timezone('UTC', min(occurred_at)) as first_interaction_at,
        timezone('UTC', max(occurred_at)) as last_interaction_at, arg_min(kind, (-epoch_us(occurred_at), iid)) as last_interaction_kind,
        arg_min({'direction': direction}, (-epoch_us(occurred_at), iid)).direction as last_interaction_direction,
        getvariable('today') - max(day) as days_since_contact, count(distinct day) as contact_days
    from query_table(edges) group by all;
