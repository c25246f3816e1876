"""The result tables as queries over what the rules made."""

RECORDS = dict(
    account="accountid as account_id, case when name not in (select name from erased_text where name is not null) then name end as name, ownerid from account_d",
    contact="contactid as contact_id, fullname as name, ownerid, case when coalesce(parentcustomerid_entitytype, case when parentcustomerid in "
            "(select accountid from account_d) then 'account' end) = 'account' then parentcustomerid end as account_id from contact_d",
    lead="leadid as lead_id, fullname as name, ownerid from lead_d",
    opportunity="opportunityid as opportunity_id, case when name not in (select name from erased_text where name is not null) then name end as name, ownerid, account_id from opportunity_d")
KPI_TABLE = """
    with r as (select {columns}),
    k as (select '{t}' as record_type, {t}_id as record_id, r.*, a.* exclude (record_type, record_id, last), a.last, u.next, s.* exclude (record_type, record_id)
          from r semi join live_record l on l.record_type = '{t}' and l.record_id = r.{t}_id
          left join activity a on a.record_type = '{t}' and a.record_id = r.{t}_id left join upcoming u on u.record_type = '{t}' and u.record_id = r.{t}_id
          left join response s on s.record_type = '{t}' and s.record_id = r.{t}_id)
    select {t}_id, name, case when ownerid not in (select id from erased_record) then ownerid end as owner_id, {account}
        coalesce(emails_sent, 0) as emails_sent, coalesce(emails_received, 0) as emails_received, coalesce(meetings_sent, 0) as meetings_sent,
        coalesce(meetings_received, 0) as meetings_received, coalesce(phone_calls_made, 0) as phone_calls_made,
        coalesce(phone_calls_received, 0) as phone_calls_received,
        k.emails_sent / nullif(k.emails_received, 0) as email_ratio_by_us, k.emails_received / nullif(k.emails_sent, 0) as email_ratio_by_them,
        coalesce(due_us, 0) as responses_due_by_us, coalesce(done_us, 0) as responses_by_us, done_us / nullif(due_us, 0) as response_rate_by_us,
        coalesce(due_them, 0) as responses_due_by_them, coalesce(done_them, 0) as responses_by_them, done_them / nullif(due_them, 0) as response_rate_by_them,
        avg_us as avg_first_response_hours_by_us, median_us as median_first_response_hours_by_us, p90_us as p90_first_response_hours_by_us,
        avg_them as avg_first_response_hours_by_them, median_them as median_first_response_hours_by_them, p90_them as p90_first_response_hours_by_them,
        minutes_spent_by_us, minutes_spent_by_them, face_time_minutes, coalesce(interactions_without_duration, 0) as interactions_without_duration,
        coalesce(followed_emails_sent, 0) as followed_emails_sent, coalesce(followed_emails_opened, 0) as followed_emails_opened,
        coalesce(followed_emails_clicked, 0) as followed_emails_clicked, coalesce(followed_emails_attachment_opened, 0) as followed_emails_attachment_opened,
        coalesce(followed_emails_replied, 0) as followed_emails_replied,
        k.followed_emails_opened / nullif(k.followed_emails_sent, 0) as open_rate, k.followed_emails_clicked / nullif(k.followed_emails_sent, 0) as click_rate,
        k.followed_emails_attachment_opened / nullif(k.followed_emails_sent, 0) as attachment_open_rate,
        k.followed_emails_replied / nullif(k.followed_emails_sent, 0) as reply_rate,
        timezone('UTC', first_interaction_at) as first_interaction_at, timezone('UTC', last.at) as last_interaction_at, last.kind as last_interaction_kind,
        last.direction as last_interaction_direction, last.id as last_interaction_id, timezone('UTC', next.at) as next_interaction_at,
        next.kind as next_interaction_kind, next.direction as next_interaction_direction, next.id as next_interaction_id,
        null::double as health_score, {health} as health_state, null::varchar as health_trend, computation_accuracy
    from k, accuracy order by {t}_id"""
OUTPUTS = {
    "daily_activity": """                                                                                       -- K9
        select record_type, record_id, day as activity_date,
            count(*) filter (kind = 'email' and direction = 'outbound') as emails_sent, count(*) filter (kind = 'email' and direction = 'inbound') as emails_received,
            count(*) filter (kind = 'meeting' and direction = 'outbound') as meetings_sent, count(*) filter (kind = 'meeting' and direction = 'inbound') as meetings_received,
            count(*) filter (kind = 'phone_call' and direction = 'outbound') as phone_calls_made,
            count(*) filter (kind = 'phone_call' and direction = 'inbound') as phone_calls_received
        from link join event using (iid)
        where status = 'held' and direction is not null and day between getvariable('today') - 59 and getvariable('today')
        group by record_type, record_id, day order by record_type, record_id, day""",
    "top_contacts": """                                                                                         -- K10
        with met as (
            select iid, 'most_contacted_by' as side, 'systemuser' as person_type, ref_id as person_id from person_ref where ref_type = 'systemuser' and rank < 4 and not declined
            union all select iid, 'most_contacted', 'contact', ref_id from person_ref where ref_type = 'contact' and rank < 4 and not declined
            union all select iid, 'most_contacted', 'lead', ref_id from person_ref where ref_type = 'lead' and person[1] <> 'c' and rank < 4 and not declined),
        n as (select record_type, record_id, side, person_type, person_id, count(*) filter (kind = 'email') as emails,
                count(*) filter (kind = 'meeting') as meetings, count(*) filter (kind = 'phone_call') as phone_calls, max(occurred_at) as last_at
            from link join event using (iid) join met using (iid)
            where status = 'held' and kind <> 'task' and record_type <> 'contact' group by all),
        ranked as (select *, row_number() over (partition by record_type, record_id, side order by emails + meetings + phone_calls desc, last_at desc, person_id) as rank from n)
        select record_type, record_id, side, rank, person_type, person_id, coalesce(su.fullname, c.fullname, l.fullname) as name, emails, meetings, phone_calls,
            timezone('UTC', last_at) as last_contact_at
        from ranked left join systemuser su on person_type = 'systemuser' and su.systemuserid = person_id
            left join contact_d c on person_type = 'contact' and c.contactid = person_id left join lead_d l on person_type = 'lead' and l.leadid = person_id
        where rank <= 3 order by record_type, record_id, side, rank""",
    "interactions": """
        select iid as interaction_id, kind, event.direction, status, timezone('UTC', occurred_at) as occurred_at, timezone('UTC', ended_at) as ended_at,
            duration::double as duration_minutes, thread_id, in_dataverse, in_exchange, colleagues, externals_present as external_people,
            timezone('UTC', answered_at) as answered_at, hours as response_hours
        from event left join turn using (iid) order by iid""",
    "interaction_records": """
        select iid as interaction_id, record_type, record_id, reason, weight from link order by iid, record_type, record_id""",
    "dropped_activities": "select source, source_id, reason from dropped order by source, source_id, reason",
}
# W1, W2: who was in touch with whom. How strong that is, is the program's own, and is not in here.
CONNECTIONS = {
    "connections": "from known('edge', ['systemuser_id', 'person_type', 'person_id'])",
    "account_connections": """
        from known('account_edge', ['systemuser_id', 'account_id']) join (
            select systemuser_id, record_id as account_id, count(distinct person_id) as contacts
            from edge join customer_side c on c.record_type = 'account' and c.ref_type = 'contact' and person_type = 'contact' and c.ref_id = person_id
            group by all) using (systemuser_id, account_id)""",
}
# S1, S5: which deals are open and which are won, and what was done for them. Which of them are alike is the program's own.
DEALS = {
    "open_deals": "from (select * exclude (state, days_to_close, won_date) from deal_measure where state = 'open')",
    "won_deals": """
        select opportunity_id as won_opportunity_id, interactions, minutes_spent_by_us, minutes_spent_by_them, avg_first_response_hours_by_us,
            avg_first_response_hours_by_them, response_rate_by_us, response_rate_by_them, days_to_close, won_date
        from deal_measure where state = 'won'""",
}


def queries():
    """SQL by table of the job relationship_kpis."""
    kpis = {f"{t}_kpis": KPI_TABLE.format(t=t, columns=c, account="account_id," if t in ("contact", "opportunity") else "",
                                          health="'not_applicable'" if t == "account" else "null::varchar") for t, c in RECORDS.items()}
    return {**kpis, **OUTPUTS}
