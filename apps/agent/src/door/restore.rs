//! A restore by a user: planned with the guard's rights, sieved and carried out with his.

use std::{
    collections::HashMap,
    io,
    path::{Path, PathBuf},
};

use hygie_model::{NodeKind, Wall};
use hygie_vault::{
    Found, KnownFolder, Outcome, Plan, Presence, Reader, Step, Trouble, User, VaultError, Why,
};

use super::{
    FileTold, MissingTold, OutcomeTold, Pick, PlanTold, ProblemTold, Reply, Told, WhyTold,
    here::{Here, There, passes_all},
    sieve::{Sieved, sieve},
    versions::ways,
};

/// A plan that nobody has sieved yet, with all that the index knows of the way to it.
pub(super) struct Draft {
    pub(super) plan: Plan,
    /// The path asked for, from the protected folder on.
    pub(super) asked: PathBuf,
    pub(super) kind: NodeKind,
    /// One of these must be passable.
    ways: Vec<Vec<KnownFolder>>,
    /// The folders of the plan as they were then.
    pub(super) folders: HashMap<PathBuf, KnownFolder>,
}

/// What came of a sieve.
enum Judged {
    Refused,
    Allowed(Sieved, Vec<FileTold>),
}

pub(super) fn plan(
    reader: &Reader,
    path: &Path,
    pick: Pick,
    user: &User,
) -> Result<Reply, VaultError> {
    Ok(match allowed(reader, path, pick, user)? {
        Err(reply) => reply,
        Ok((sieved, first)) => Reply::Plan(Box::new(plan_told(sieved, first))),
    })
}

pub(super) fn run(
    reader: &Reader,
    path: &Path,
    pick: Pick,
    user: &User,
) -> Result<Reply, VaultError> {
    let sieved = match allowed(reader, path, pick, user)? {
        Err(reply) => return Ok(reply),
        Ok((sieved, _)) => sieved,
    };
    let outcome = sieved.plan.run_as(reader, user)?;
    Ok(Reply::Restored(Box::new(outcome_told(
        outcome,
        sieved.refused,
    ))))
}

/// What of the restore this user may have; else the answer.
fn allowed(
    reader: &Reader,
    path: &Path,
    pick: Pick,
    user: &User,
) -> Result<Result<(Sieved, Vec<FileTold>), Reply>, VaultError> {
    let Some(root) = reader.root_of(path)? else {
        return Ok(Err(Reply::Unknown));
    };
    let draft = match pick {
        Pick::Newest => of_moment(reader, path, None),
        Pick::At { at } => of_moment(reader, path, Some(at)),
        Pick::Number { number } => of_number(reader, path, number),
    };
    let draft = match draft {
        Ok(draft) => draft,
        Err(VaultError::UnknownPath { .. }) => None,
        Err(other) => return Err(other),
    };
    let below = path.strip_prefix(&root).unwrap_or(path);
    let Some(draft) = draft else {
        // Whether the index knows it is told only to who could put it there.
        let told = user.act(|| Here::enter(&root).is_ok_and(|here| here.may_have(below)));
        let reply = if matches!(told, Ok(true)) {
            Reply::Unknown
        } else {
            Reply::Refused
        };
        return Ok(Err(reply));
    };
    let judged = user.act(|| judge(draft, user));
    Ok(match judged.and_then(|judged| judged) {
        Ok(Judged::Allowed(sieved, first)) => Ok((sieved, first)),
        Ok(Judged::Refused) | Err(_) => Err(Reply::Refused),
    })
}

fn of_moment(reader: &Reader, path: &Path, at: Option<Wall>) -> Result<Option<Draft>, VaultError> {
    let Found {
        kind, until, root, ..
    } = reader.lookup(path, at)?;
    let plan = reader.plan_restore(path, at, None)?;
    let at = at.or(until.map(|until| Wall(until.0 - 1)));
    let mut way = reader.folders_above(path, at)?;
    let mut folders = HashMap::new();
    for step in &plan.steps {
        if let Step::Folder { path, .. } = step
            && let Some(known) = reader.folder_at(&plan.into.join(path), at)?
        {
            folders.insert(path.clone(), known);
        }
    }
    let asked = path.strip_prefix(&root).unwrap_or(path).to_path_buf();
    if asked.as_os_str().is_empty() {
        let own = reader.folder_at(path, at)?;
        folders.extend(own.clone().map(|own| (PathBuf::new(), own)));
        way.extend(own);
    }
    Ok(Some(Draft {
        plan,
        asked,
        kind,
        ways: vec![way],
        folders,
    }))
}

/// One version by itself; made here, for its target is the path asked for and no other.
fn of_number(reader: &Reader, path: &Path, number: i64) -> Result<Option<Draft>, VaultError> {
    let Found { kind, root, .. } = reader.lookup(path, None)?;
    let mut all = reader.history(path)?.into_iter();
    let Some(past) = all.find(|past| past.stored.version.name.seq == number) else {
        return Ok(None);
    };
    let asked = path.strip_prefix(&root).unwrap_or(path).to_path_buf();
    let ways = ways(reader, &past)?;
    let (path, version) = (asked.clone(), past.stored.version);
    let step = match (past.stored.presence, kind) {
        (Presence::Dropped, _) => Step::Missing {
            path,
            why: Why::Dropped,
        },
        (Presence::Kept, NodeKind::Symlink) => Step::Symlink { path, version },
        (Presence::Kept, NodeKind::File | NodeKind::Dir) => Step::File { path, version },
    };
    Ok(Some(Draft {
        plan: Plan {
            into: root,
            steps: vec![step],
        },
        asked,
        kind,
        ways,
        folders: HashMap::new(),
    }))
}

/// In a thread of the user's.
fn judge(draft: Draft, user: &User) -> io::Result<Judged> {
    let here = Here::enter(&draft.plan.into)?;
    let within = match draft.kind {
        NodeKind::Dir => here.may_fill(&draft.asked),
        NodeKind::File | NodeKind::Symlink => here.may_have(&draft.asked),
    };
    if !within || !draft.ways.iter().any(|way| passes_all(user, way)) {
        return Ok(Judged::Refused);
    }
    let (asked, kind) = (draft.asked.clone(), draft.kind);
    let sieved = sieve(draft, &here, user);
    // A file comes with what belongs to it, or not at all.
    if sieved.refused.contains(&asked) || (kind == NodeKind::File && !sieved.refused.is_empty()) {
        return Ok(Judged::Refused);
    }
    let files = sieved.plan.steps.iter().filter_map(|step| match step {
        Step::File { path, version } => Some(FileTold {
            replaces: !matches!(here.there(path), There::Nothing),
            path: Told(path.clone()),
            since: version.since,
            bytes: version.len,
        }),
        Step::Folder { .. }
        | Step::Symlink { .. }
        | Step::Link { .. }
        | Step::Aside { .. }
        | Step::Missing { .. } => None,
    });
    let first = files.take(FIRST).collect();
    Ok(Judged::Allowed(sieved, first))
}

fn plan_told(sieved: Sieved, first: Vec<FileTold>) -> PlanTold {
    let Sieved { plan, refused } = sieved;
    let mut told = PlanTold {
        files: 0,
        bytes: plan.bytes(),
        first,
        aside: Vec::new(),
        missing: Vec::new(),
        refused: refused.into_iter().map(Told).collect(),
    };
    for step in plan.steps {
        match step {
            Step::File { .. } => told.files += 1,
            Step::Aside { path, .. } => told.aside.push(Told(path)),
            Step::Missing { path, why } => told.missing.push(MissingTold {
                path: Told(path),
                why: why_told(why),
            }),
            Step::Folder { .. } | Step::Symlink { .. } | Step::Link { .. } => {}
        }
    }
    told
}

fn why_told(why: Why) -> WhyTold {
    match why {
        Why::NeverKept => WhyTold::NeverKept,
        Why::Dropped => WhyTold::Dropped,
        Why::Lost => WhyTold::Lost,
    }
}

fn outcome_told(outcome: Outcome, refused: Vec<PathBuf>) -> OutcomeTold {
    let problems = outcome.problems.into_iter().map(|problem| ProblemTold {
        lost: matches!(problem.what, Trouble::Damaged | Trouble::Gone),
        reason: problem.what.to_string(),
        path: Told(problem.path),
    });
    OutcomeTold {
        files: outcome.files,
        bytes: outcome.bytes,
        folders: outcome.folders,
        symlinks: outcome.symlinks,
        links: outcome.links,
        aside: outcome
            .aside
            .into_iter()
            .map(|(_, now)| Told(now))
            .collect(),
        missing: outcome.missing.len() as u64,
        problems: problems.collect(),
        refused: refused.into_iter().map(Told).collect(),
    }
}

/// As many files are told one by one; a whole folder is told by its total.
const FIRST: usize = 20;
