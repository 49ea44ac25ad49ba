//! The practice, who works in it, and the devices they work on: who they are, never what they may do.
//! What a role may do is one table, in `engines/identity`.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The tenant: it leads every key of the hub's database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PracticeId(pub Uuid);

/// Somebody who signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonId(pub Uuid);

/// A machine that runs the agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DeviceId(pub Uuid);

/// What somebody is in the practice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// A doctor, a dentist, a nurse: answers for the practice.
    Practitioner,
    /// The secretary (*secrétaire*).
    Assistant,
    /// Who looks after the machines, for a time that somebody of the practice opens (*prestataire*).
    ItProvider,
    /// Who watches over many practices from outside (*télésurveilleur*); never sees a file's name.
    MonitoringOperator,
}

impl Role {
    /// All of them, in the order of their rights.
    pub const ALL: [Self; 4] = [
        Self::Practitioner,
        Self::Assistant,
        Self::ItProvider,
        Self::MonitoringOperator,
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_has_one_name_in_what_is_stored() {
        let names = Role::ALL.map(|role| serde_json::to_value(role).unwrap());
        let told = [
            "practitioner",
            "assistant",
            "it-provider",
            "monitoring-operator",
        ];
        assert_eq!(names.to_vec(), told);
    }
}
