//! What entries need and bins have, in the units that Gateways run out of.

/// An amount of everything that a Gateway has bounds for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Load {
    /// Listeners, of the Gateway itself and of its ListenerSets.
    pub listeners: u32,
    /// Certificates.
    pub certificates: u32,
    /// Rules of routes.
    pub rules: u32,
    /// Host names behind TLS, each a filter chain of Envoy.
    pub tls_hosts: u32,
}

impl Load {
    /// No bound at all.
    pub const UNBOUNDED: Self =
        Self { listeners: u32::MAX, certificates: u32::MAX, rules: u32::MAX, tls_hosts: u32::MAX };

    /// Whether something of this size still goes in.
    #[must_use]
    pub const fn fits(self, load: Self) -> bool {
        self.listeners >= load.listeners
            && self.certificates >= load.certificates
            && self.rules >= load.rules
            && self.tls_hosts >= load.tls_hosts
    }

    /// What is left after something of this size; nothing where it is larger. What is unbounded stays so.
    #[must_use]
    pub const fn less(self, load: Self) -> Self {
        Self {
            listeners: less(self.listeners, load.listeners),
            certificates: less(self.certificates, load.certificates),
            rules: less(self.rules, load.rules),
            tls_hosts: less(self.tls_hosts, load.tls_hosts),
        }
    }
}

const fn less(room: u32, load: u32) -> u32 {
    if room == u32::MAX { room } else { room.saturating_sub(load) }
}
