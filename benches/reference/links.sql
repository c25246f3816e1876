-- Which records an interaction counts for (L1 to L5).
create temp table thread as
    select j.iid, case when j.done then coalesce(n.conv, j.anc) else a.smallest end as thread_id
    from jump j join node n on n.iid = j.anc join jump a on a.iid = j.anc;
create temp table event as
    select e.* exclude (reason), thread_id, local_day(occurred_at) as day
    from event_all e left join thread using (iid) where reason is null;

create temp table stake as      -- connections of leads and opportunities (L5)
    select r.record_type, r.record_id, coalesce(s.master_id, record2id) as person_id, category
    from connection c join connectionrole on connectionroleid = record2roleid join regarded r on r.id = record1id and r.record_type in ('lead', 'opportunity')
        left join stands_for s on s.record_id = record2id
    where coalesce(c.statecode, 0) = 0 and category in (1000, 1001);
create temp table customer_side as
    select distinct record_type, record_id, ref_type, ref_id from (
        select 'account' as record_type, accountid as record_id, 'account' as ref_type, accountid as ref_id from account_d
        union all select 'account', accountid, 'contact', coalesce(s.master_id, primarycontactid) from account_d left join stands_for s on s.record_type = 'contact' and s.record_id = primarycontactid
        union all select 'account', parentcustomerid, 'contact', contactid from contact_d where coalesce(parentcustomerid_entitytype, 'account') = 'account'
        union all select 'contact', contactid, 'contact', contactid from contact_d
        union all select 'lead', leadid, 'lead', leadid from lead_d
        union all select 'opportunity', opportunityid, 'contact', unnest([parentcontactid, case when coalesce(customerid_entitytype, 'contact') = 'contact' then customerid end])
            from opportunity_d
        union all select 'opportunity', opportunityid, 'contact', coalesce(s.master_id, primarycontactid) from opportunity_d join account_d on accountid = account_id
            left join stands_for s on s.record_type = 'contact' and s.record_id = primarycontactid
        union all select record_type, record_id, ref_type, person_id from stake,
            (values ('contact'), ('lead'), ('account')) t(ref_type) where category = 1000)
    semi join live_record using (record_type, record_id) where ref_id is not null;
create temp table our_side as
    with o as (select 'lead' as record_type, leadid as record_id, ownerid as who from lead_d union all select 'opportunity', opportunityid, ownerid from opportunity_d
               union all select record_type, record_id, person_id from stake
                   where category = 1001 and record_type = 'opportunity')
    select record_type, record_id, who from o where who is not null union select record_type, record_id, systemuserid from o join teammembership on teamid = who;

create temp table duo as         -- a person on each side, and the leads and opportunities for which the two together count
    select ref_type, ref_id, who, record_type, record_id from customer_side join our_side using (record_type, record_id);
create temp table customer as      -- L2
    select iid, ref_type, ref_id from event join person_ref using (iid)
    where not declined and case kind when 'email' then rank <= 3 when 'phone_call' then rank <= 2
        when 'meeting' then rank <= 3 and (rank > 1 or getvariable('organizers_link')) else false end;
create temp table encounter as     -- L3: who of ours meets whom of theirs; made first, so that nobody's deals are joined one side at a time
    select iid, c.ref_type, c.ref_id, p.ref_id as who from customer c join person_ref p using (iid)
    where p.ref_type = 'systemuser' and p.rank < 4 and not p.declined;
create temp table link as
    with regarding as (select iid, record_type, record_id from event join regarded on id = regarding),                    -- L1
    one_side as (select distinct iid, record_type, record_id from customer join customer_side using (ref_type, ref_id) where record_type in ('account', 'contact')),
    both_sides as (select distinct iid, record_type, record_id from encounter join duo using (ref_type, ref_id, who)),
    candidate as (
        select *, 'regarding' as reason from regarding
        union all select *, 'participant' from one_side
        union all select *, 'participant' from both_sides where record_type = 'lead' or getvariable('link_opportunities') <> 'regarding_only'),
    dated as (      -- L4
        select iid, record_type, record_id, max(c.reason) as reason from candidate c join event using (iid)
            left join (select 'opportunity' as record_type, opportunityid as record_id, createdon, actualclosedate from opportunity_d) o using (record_type, record_id)
        where not coalesce(o.actualclosedate <= getvariable('today') and day > o.actualclosedate, false)
            and (c.reason = 'regarding' or not coalesce(occurred_at < o.createdon - to_hours(24 * getvariable('lead_days')), false))
        group by iid, record_type, record_id)
    select *, case when record_type = 'opportunity' then 1.0::double / count(*) filter (record_type = 'opportunity') over (partition by iid) end as weight from dated;
