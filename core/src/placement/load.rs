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
    /// Different backends, each a target group of a cloud's load balancer.
    pub target_groups: u32,
    /// Listeners that end TLS, each a filter chain of Envoy.
    pub tls_hosts: u32,
}

/// What there is a bound for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// [`Load::listeners`].
    Listeners,
    /// [`Load::certificates`].
    Certificates,
    /// [`Load::rules`].
    Rules,
    /// [`Load::target_groups`].
    TargetGroups,
    /// [`Load::tls_hosts`].
    TlsHosts,
}

impl Amount {
    /// So many of them: `1 listener`, `2 listeners`.
    pub fn counted(self, count: u32) -> String {
        let (one, more) = match self {
            Self::Listeners => ("listener", "listeners"),
            Self::Certificates => ("certificate", "certificates"),
            Self::Rules => ("rule", "rules"),
            Self::TargetGroups => ("backend", "backends"),
            Self::TlsHosts => ("listener that ends TLS", "listeners that end TLS"),
        };
        format!("{count} {}", if count == 1 { one } else { more })
    }
}

impl Load {
    /// No bound at all.
    pub const UNBOUNDED: Self = Self {
        listeners: u32::MAX,
        certificates: u32::MAX,
        rules: u32::MAX,
        target_groups: u32::MAX,
        tls_hosts: u32::MAX,
    };

    /// Whether something of this size still goes in.
    #[must_use]
    pub const fn fits(self, load: Self) -> bool {
        self.listeners >= load.listeners
            && self.certificates >= load.certificates
            && self.rules >= load.rules
            && self.target_groups >= load.target_groups
            && self.tls_hosts >= load.tls_hosts
    }

    /// How many bins with this much room something of a size takes at least; the most there is where one
    /// has no room at all.
    #[must_use]
    pub fn bins(self, room: Self) -> u32 {
        let of = |load: u32, room: u32| match room {
            _ if load == 0 => 0,
            0 => u32::MAX,
            room => load.div_ceil(room),
        };
        of(self.listeners, room.listeners)
            .max(of(self.certificates, room.certificates))
            .max(of(self.rules, room.rules))
            .max(of(self.target_groups, room.target_groups))
            .max(of(self.tls_hosts, room.tls_hosts))
    }

    /// The larger of each of two amounts.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        Self {
            listeners: self.listeners.max(other.listeners),
            certificates: self.certificates.max(other.certificates),
            rules: self.rules.max(other.rules),
            target_groups: self.target_groups.max(other.target_groups),
            tls_hosts: self.tls_hosts.max(other.tls_hosts),
        }
    }

    /// What is bounded, in words: `62 listeners, 25 certificates`.
    pub fn words(self) -> String {
        let bounded = self.parts().into_iter().filter(|(_, count)| *count != u32::MAX);
        let bounded: Vec<String> = bounded.map(|(amount, count)| amount.counted(count)).collect();
        if bounded.is_empty() { "everything".to_owned() } else { bounded.join(", ") }
    }

    /// The first thing of which there is too little for something of this size.
    pub fn lacks(self, load: Self) -> Option<Amount> {
        let mut parts = self.parts().into_iter().zip(load.parts());
        parts.find_map(|((amount, room), (_, load))| (room < load).then_some(amount))
    }

    const fn parts(self) -> [(Amount, u32); 5] {
        [
            (Amount::Listeners, self.listeners),
            (Amount::Certificates, self.certificates),
            (Amount::Rules, self.rules),
            (Amount::TargetGroups, self.target_groups),
            (Amount::TlsHosts, self.tls_hosts),
        ]
    }

    /// What is left after something of this size; nothing where it is larger. What is unbounded stays so.
    #[must_use]
    pub const fn less(self, load: Self) -> Self {
        Self {
            listeners: less(self.listeners, load.listeners),
            certificates: less(self.certificates, load.certificates),
            rules: less(self.rules, load.rules),
            target_groups: less(self.target_groups, load.target_groups),
            tls_hosts: less(self.tls_hosts, load.tls_hosts),
        }
    }
}

impl core::ops::Add for Load {
    type Output = Self;

    /// The two together; what no number holds counts as the largest.
    fn add(self, other: Self) -> Self {
        Self {
            listeners: self.listeners.saturating_add(other.listeners),
            certificates: self.certificates.saturating_add(other.certificates),
            rules: self.rules.saturating_add(other.rules),
            target_groups: self.target_groups.saturating_add(other.target_groups),
            tls_hosts: self.tls_hosts.saturating_add(other.tls_hosts),
        }
    }
}

impl core::iter::Sum for Load {
    fn sum<I: Iterator<Item = Self>>(loads: I) -> Self {
        loads.fold(Self::default(), core::ops::Add::add)
    }
}

const fn less(room: u32, load: u32) -> u32 {
    if room == u32::MAX { room } else { room.saturating_sub(load) }
}
