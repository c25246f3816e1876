//! Awkward calls and tasks.

use crate::awkward::Cast;
use crate::awkward::workbench::{Bench, march};
use crate::ids::{Kind, guid};
use crate::times::{DAY, HOUR};
use crate::world::Record;
use crate::write::patch::Cell;

const CALL: &str = "phonecall: subject";
const TASK: &str = "task_partitioned: subject";

pub fn plant(bench: &mut Bench, cast: &Cast) {
    calls(bench, cast);
    tasks(bench, cast);
}

fn calls(bench: &mut Bench, cast: &Cast) {
    let (us, we, them) = (cast.us(bench), cast.we(bench), cast.them(bench));
    let case = bench.case("N4", CALL, "no duration");
    bench.call(march(27, 8), us, them, &case).minutes = None;
    let case = bench.case("N6", CALL, "directioncode null: the sender decides");
    let number = bench.call(march(27, 9), us, them, &case).number;
    bench.patch("phonecall", guid(Kind::Call, number), "directioncode", Cell::Null);
    for (state, what) in [(0, "never completed"), (2, "cancelled")] {
        let case = bench.case("N1, N8", CALL, &format!("statecode {state}: {what}"));
        bench.call(march(27, 10), us, them, &case).state = state;
    }
    let case = bench.case("N2", CALL, "planned for 2026-04-03, known at D");
    let call = bench.call(march(34, 9), us, them, &case);
    (call.state, call.created) = (0, march(28, 9));
    let case = bench.case("N2, T2", CALL, "planned for 2026-04-03 on 2026-04-01: not known at D");
    let call = bench.call(march(34, 10), us, them, &case);
    (call.state, call.created) = (0, march(32, 9));
    let case = bench.case("N9, L1", CALL, "between colleagues, regarding a contact: counts for it alone");
    bench.call(march(27, 11), us, we, &case).about = Some(Record::Contact(cast.rut));
    let case = bench.case("N9", CALL, "between colleagues, regarding nothing");
    bench.call(march(27, 12), us, we, &case);
    let case = bench.case("N3", CALL, "only createdon is set");
    let number = bench.call(march(27, 13), us, them, &case).number;
    for column in ["actualstart", "actualend", "scheduledstart", "scheduledend"] {
        bench.patch("phonecall", guid(Kind::Call, number), column, Cell::Null);
    }
}

fn tasks(bench: &mut Bench, cast: &Cast) {
    let about = Some(Record::Account(cast.account));
    let case = bench.case("N1, L1", TASK, "completed, regarding an account");
    bench.task(march(27, 14), cast.pia, &case).about = about;
    let case = bench.case("N9", TASK, "completed, regarding nothing");
    bench.task(march(27, 15), cast.pia, &case);
    let case = bench.case("N2", TASK, "planned for 2026-04-08: only scheduledend is set");
    let task = bench.task(march(39, 9) + HOUR, cast.pia, &case);
    (task.state, task.about, task.created) = (0, about, march(30, 9));
    let number = task.number;
    bench.patch("task", guid(Kind::Task, number), "scheduledstart", Cell::Null);
    let case = bench.case("N8", TASK, "open and past: never completed");
    let task = bench.task(march(27, 16), cast.pia, &case);
    (task.state, task.about) = (0, about);
    let case = bench.case("N4", TASK, "no duration");
    let task = bench.task(march(27, 17) - DAY, cast.per, &case);
    (task.minutes, task.about) = (None, about);
}
