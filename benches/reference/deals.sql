-- Which deals are open, and which are won, as of a day (T5), with what was done for each (K1 to K6).
create temp table deal as
    select o.*, a.* exclude (record_type, record_id), r.* exclude (record_type, record_id),
        case when statecode = 0 or statecode is null or actualclosedate > getvariable('today') then 'open' when statecode = 1 then 'won' else 'lost' end as state
    from opportunity_d o left join activity a on a.record_type = 'opportunity' and a.record_id = o.opportunityid
        left join response r on r.record_type = 'opportunity' and r.record_id = o.opportunityid;
create temp table deal_measure as
    select opportunityid as opportunity_id, state, coalesce(interactions, 0) as interactions, coalesce(emails_sent, 0) as emails_sent, coalesce(emails_received, 0) as emails_received,
        coalesce(meetings_sent, 0) as meetings_sent, coalesce(meetings_received, 0) as meetings_received, coalesce(phone_calls_made, 0) as phone_calls_made,
        coalesce(phone_calls_received, 0) as phone_calls_received, done_us / nullif(due_us, 0) as response_rate_by_us, done_them / nullif(due_them, 0) as response_rate_by_them,
        avg_us as avg_first_response_hours_by_us, avg_them as avg_first_response_hours_by_them, minutes_spent_by_us, minutes_spent_by_them,
        getvariable('today') - local_day(createdon) as age_days, actualclosedate - local_day(createdon) as days_to_close, actualclosedate as won_date
    from deal;
