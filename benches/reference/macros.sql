-- Small functions that the rules share.
create macro nothing(x) as coalesce(lower(x) in ('null', '<na>', '(null)', '<null>', '[null]', 'n/a', '#n/a', 'undefined', '\n') or x in ('None', 'nan', 'NaN', 'NaT'), false);   -- I2
create macro hyphened(x) as case when regexp_full_match(x, '[0-9a-f]{32}') then concat_ws('-', x[1:8], x[9:12], x[13:16], x[17:20], x[21:32]) else x end;
create macro unwrapped(x) as regexp_replace(regexp_replace(trim(translate(lower(x), '{}"', '')), '^/?[a-z_]+\((.*)\)$', '\1'), '^urn:uuid:', '');
create macro guid(x) as case when not nothing(trim(x)) then nullif(nullif(hyphened(trim(unwrapped(x))), ''), '00000000-0000-0000-0000-000000000000') end;
-- P1: what is plainly an address goes the short way, everything else has been through addresses.py
create macro is_plain(x) as regexp_full_match(x, '[A-Za-z0-9!#$%&*+=?^_`{|}~.-]+@([A-Za-z0-9-]+\.)*[A-Za-z0-9-]+') and not starts_with(lower(x), 'imcea');
create macro addr(x) as case when x is null then null when is_plain(x) then lower(x) else getvariable('odd_addresses')[x] end;
create macro further(x, level) as list_transform(coalesce(getvariable('further_addresses')[x], []), lambda a: {'address': a, 'level': level});
create macro msgid(x) as case when not nothing(trim(x, E' \t\r\n<>')) then nullif(trim(translate(x, '<>', ''), E' \t\r\n'), '') end;                                      -- N5
create macro enumeration(x) as lower(trim(coalesce(nullif(regexp_extract(x, '''(.*)''', 1), ''), x)));             -- I8
create macro local_day(t) as cast(timezone(getvariable('tz'), timezone('UTC', t)) as date);                       -- T4
create macro robot(a) as coalesce(split_part(a, '@', 1) in ('no-reply', 'noreply', 'donotreply', 'mailer-daemon', 'postmaster'), false);   -- N10
create macro minutes(a, b) as date_diff('microsecond', a, b) / 6e7;
create macro can_be_length(minutes) as minutes >= 0 and minutes < 1000 * 366 * 24 * 60;                           -- N4
-- I8: the ids in a header that names parents, in the order in which they stand
create macro ids_in(x) as case when x is null or trim(x, E' \t\r\n') = '' then null
    when len(regexp_extract_all(x, '<[^<>]*>')) > 0 then list_filter(list_transform(regexp_extract_all(x, '<[^<>]*>'), lambda i: msgid(i)), lambda i: i is not null)
    else [msgid(x)] end;
create macro last_reference(x) as case when len(regexp_extract_all(x, '<[^<>]*>')) > 0 then [msgid(regexp_extract_all(x, '<[^<>]*>')[-1])]
    when trim(x, E' \t\r\n') <> '' then [msgid(regexp_extract_all(x, '[^\s]+')[-1])] end;
-- N5: of a calendar id of Outlook, the digits that name the day of an occurrence
create macro is_outlook(x) as coalesce(starts_with(x, '040000008200E00074C5B7101A82E008') and regexp_matches(x, '^[0-9A-F]{40}'), false);
create macro hex_number(x) as try_cast('0x' || x as int);
create macro holds_day(x) as is_outlook(x) and hex_number(x[33:36]) between 1900 and 2199 and try_cast(printf('%04d-%02d-%02d', hex_number(x[33:36]), hex_number(x[37:38]), hex_number(x[39:40])) as date) is not null;
-- N5: the id of another calendar that Outlook keeps within one of its own
create macro inner_id(x) as case when starts_with(x, '040000008200E00074C5B7101A82E008') and x[81:104] = '7643616C2D55696401000000'
    and regexp_full_match(x[105:], '([0-9A-F][0-9A-F])*') then nullif(upper(try(decode(unhex(regexp_replace(x[105:], '(00)+$', ''))))), '') end;
create macro calendar_id(x) as case when not nothing(trim(x)) then coalesce(inner_id(upper(trim(x))), nullif(upper(trim(x)), '')) end;
create macro dayless(x) as case when is_outlook(x) then x[1:32] || '00000000' || x[41:] else x end;
-- N7: bytes 6..22 of a conversation index as 32 hex digits; null when it is shorter than 22 bytes
create macro b64_16(s) as case when length(s) >= 30 and length(s) % 4 <> 1 and regexp_full_match(s, '[A-Za-z0-9+/]+')
    then lower(substr(hex(from_base64(rpad(substr(s, 1, 32), 32, '='))), 13, 32)) end;
create macro conv_b64(s) as b64_16(rtrim(trim(s), '='));
create macro conv_any(s) as case when regexp_full_match(trim(s), '[0-9A-Fa-f]+')
    then case when length(trim(s)) >= 44 then lower(substr(trim(s), 13, 32)) end else conv_b64(s) end;
-- C4: an id, or what stands for it where it tells of somebody erased
create macro stood(x) as coalesce(getvariable('stand_ins')[x], x);
