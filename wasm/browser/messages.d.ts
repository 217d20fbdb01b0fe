/** A text with the name that findings call it by. */
export interface File { name: string; text: string }

/** Values in, manifests out. Each file lies over those before it, and all over the chart's own values. */
export interface Render {
  op: "render";
  files: readonly File[];
  release?: Release;
  /** Documents of YAML, or one List as JSON; YAML without it. */
  output?: "yaml" | "json";
}

/** Values in, what will exist and why out; as `gatewright plan --format json`. */
export interface Plan {
  op: "plan";
  files: readonly File[];
  release?: Release;
  /** Also a picture of it. */
  picture?: "svg" | "dot" | "mermaid";
}

/** The release that values are for; empty where it is not known. */
export interface Release { name?: string; namespace?: string }

/** Manifests in, a report out. CRDs of other kinds are not looked at here: the binary does that. */
export interface Check {
  op: "check";
  files: readonly File[];
  /** Objects as they are now: the files are an update of them. */
  against?: readonly File[];
  /** Objects that are there already, and not judged; texts, as the files. Where they have a grant or a claim, who may use which host name is asked. */
  context?: readonly File[];
  cluster?: Cluster;
  /** How the grants and claims of the context are asked, without which it is an error. */
  ownership?: Ownership;
  /** Also the status that a conforming controller would write. */
  status?: boolean;
  /** Codes to look for; all without it. */
  only?: readonly string[];
  /** Codes to leave out, except refusals; not beside `only`. */
  skip?: readonly string[];
}

/** The cluster that objects are for, and what is known of it. */
export interface Cluster {
  /** 1.6 without it. */
  gatewayAPI?: string;
  /** standard without it. */
  channel?: "standard" | "experimental";
  profile?: string;
  /** The namespace of objects that name none; default without it. */
  namespace?: string;
  /** What is not in the files does not exist; else it is unknown. */
  complete?: boolean;
}

/** An AdmissionReview in, an AdmissionReview out: who may use which host name. */
export interface Review {
  op: "review";
  /** An AdmissionReview of admission.k8s.io/v1: the object, not a text of it. */
  review: object;
  /**
   * Every object that there is, Lists among them; no object without it. Unlike in `check` these are the objects themselves, not
   * files. Or some of them, with the kinds (`HostnameGrant`) of which these are all: what depends on any other kind is denied as
   * `context-incomplete`, and without `complete` that is all of them.
   */
  context?: readonly object[] | { objects: readonly object[]; complete?: readonly string[]; publicSuffixes?: readonly string[] };
  settings?: Ownership;
  /** Also which grant or claim answered what. */
  trace?: boolean;
}

/** How decisions on host names are made; docs/ownership.md says what each is without it. */
export interface Ownership {
  claims?: "off" | "respect" | "require";
  grants?: "off" | "require";
  l4?: "open" | "grant";
  trustedNamespaceLabels?: readonly string[];
  exemptNamespaces?: readonly string[];
  exemptUsers?: readonly string[];
  /** Each `group/Kind`; the core group is `core`. */
  unjudgedParents?: readonly string[];
  unknownKinds?: "allow" | "deny";
  /** What the fault of a code does, where it is not what it does by default. */
  rules?: Record<string, "deny" | "warn" | "audit">;
}

/** Manifests and a request in, who answers it and why not the others out. */
export interface Trace { op: "trace"; files: readonly File[]; request: Request; cluster?: Cluster }

/** A request, in the words of the flags of `gatewright trace`. */
export interface Request {
  /** With or without a port. */
  host?: string;
  path?: string;
  method?: string;
  /** Each `name:value`. */
  headers?: readonly string[];
  /** Each `name=value`. */
  query?: readonly string[];
  sni?: string;
  port?: number;
  /** `namespace/name` */
  gateway?: string;
}

/** A code in, its page of the manual out; every code's without one. */
export interface Explain { op: "explain"; code?: string }

/** What answers, and what it knows. */
export interface Version { op: "version" }

export type Message = Render | Plan | Check | Review | Trace | Explain | Version;

/** What is answered to a message. What is wrong with values or manifests is in the report, and no error. */
export type Answer<M extends Message = Message> = { ok: Answers[M["op"]]; error?: undefined } | { ok?: undefined; error: Fault };

/**
 * Why a message cannot be answered: `message-malformed` (beyond 64 MiB too), `unknown-operation`, `unknown-code`, or
 * `context-not-manifests` where the context of a review holds a review, a recording or a context within; anything else that is no
 * object is in `noticed`.
 */
export interface Fault { code: string; message: string; hint: string }

export interface Answers {
  /** After an error the manifests are empty, and the report says why. */
  render: { manifests: string; report: Report };
  /** After an error the plan is null, and the report says why; docs/plan.md has its parts. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  plan: { plan: Record<string, any> | null; picture: string | null; report: Report };
  /** hidden: refusals that are not listed, because `only` asks for other findings. */
  check: Report & { status?: Status; hidden?: number };
  /** noticed: what is odd in the context, such as a grant with a field that there is not; no part of the verdict. */
  review: { review: AdmissionReview; noticed: Finding[]; trace?: { allowed: boolean; findings: Finding[]; uses: Use[] } };
  /** losers: everything else that could have answered, the nearest first; undecided: what would win if it did match. */
  trace: { trace: { answer: Taken; losers: Loser[]; undecided: Loser[]; notes: string[] }; report: Report };
  explain: { pages: Page[] };
  version: { version: string; operations: string[]; gatewayAPI: string[]; profiles: string[] };
}

/** What was found, by file or by object. */
export interface Report {
  results: Result[];
  /** Of findings of one severity and code a hundred are listed, but in `check`, which lists all; how many others there are. */
  omitted?: { code: string; severity: Severity; count: number }[];
  summary: { objects: number; errors: number; warnings: number };
}

export interface Result {
  source: { file: string; document: number; line: number } | null;
  object: { apiVersion: string; kind: string; namespace: string; name: string } | null;
  /** Whether an API server would take the object; null where that was not asked or is not known. */
  allowed: boolean | null;
  diagnostics: Finding[];
}

export type Severity = "error" | "warning" | "info";

export interface Finding {
  code: string;
  severity: Severity;
  level: "api" | "semantic" | "controller" | "ownership";
  path: string;
  message: string;
  hint: string;
  /** Where the bound is written down, with a version. */
  source: string;
  /** 1-based, where the text is known; a column counts code points, of which some are two of a JavaScript string. */
  line?: number;
  column?: number;
}

/** What a conforming controller would write. */
export interface Status {
  routes: { kind: string; namespace: string; name: string; parents: { parentRef: ParentRef; conditions: Condition[] }[] }[];
  listeners: {
    gateway: Identity;
    name: string;
    attachedRoutes: number;
    supportedKinds: { group: string; kind: string }[];
    conditions: Condition[];
  }[];
  /** Gateways, then ListenerSets. */
  gateways: { kind: string; namespace: string; name: string; attachedListenerSets?: number; conditions: Condition[] }[];
}

export interface ParentRef { group: string; kind: string; namespace?: string; name: string; sectionName?: string; port?: number }

export interface Condition { type: string; status: "True" | "False" | "Unknown"; reason: string; message?: string }

export interface Identity { kind: string; namespace: string; name: string }

/** Where a document stands. */
export interface Place { file: string; document: number; line: number }

/** Who answers a request, and how it ends. */
export interface Taken {
  /** Of HTTP; where there is no such answer 200 for a connection that is handed through, 500 for one without a usable backend, else 404. */
  status: number;
  outcome: Outcome;
  /** How it ends if nothing that is undecided takes it. */
  otherwise?: Outcome;
  rejected?: "grpc-unimplemented" | "grpc-unavailable" | "tls-no-match";
  listener: { gateway: Identity; name: string; doubt?: string } | null;
  route: Identity | null;
  source?: Place;
  /** The index of the rule, and of the match in it. */
  rule: number | null;
  match: number | null;
  backends: Backend[];
  /** What the backend gets. */
  request: Forwarded | null;
  /** Where the client is sent. */
  redirect: {
    scheme: string; host: string; port: number; path: string; query?: string; statusCode: number; location: string;
  } | null;
}

export type Outcome =
  | "http" | "undecided" | "handed-through" | "connection-refused" | "connection-closed"
  | "tls-refused" | "no-certificate" | "dropped" | "no-gateway";

export interface Backend {
  kind?: string;
  namespace: string;
  name: string;
  port: number | null;
  /** Of the rule's requests, from 0 to 1. */
  share: number;
  /** What its requests are answered with, where it cannot be used, and why. */
  status?: number;
  reason?: string;
  doubt?: string;
  tls?: { policy: string; hostname: string };
  request?: Forwarded;
}

export interface Forwarded { host: string; path: string; query?: string; headers: Record<string, string> }

export interface Loser {
  route: Identity;
  rule: number | null;
  match: number | null;
  /** In a word, and in a sentence. */
  lost: string;
  why: string;
  source?: Place;
}

/** A host name that an object uses, with the grant or claim that answered. */
export interface Use {
  hostname: string;
  path: string;
  /** The listener that the name comes from, in words. */
  inheritedFrom?: string;
  /** The object used it before. */
  isOld?: boolean;
  /** hostname: the name of the grant that covers it. */
  grantedBy?: { name: string; hostname?: string };
  nearestGrant?: { name: string; hostname?: string };
  claimedBy?: string;
  ownClaim?: string;
  /** The code of the first fault. */
  fault?: string;
}

/** What an API server hears. */
export interface AdmissionReview {
  apiVersion: "admission.k8s.io/v1";
  kind: "AdmissionReview";
  response: {
    uid: string;
    allowed: boolean;
    status?: {
      status: "Failure";
      code: 403;
      reason: "Forbidden";
      message: string;
      details: { causes: { reason: string; message: string; field?: string }[] };
    };
    warnings?: string[];
    auditAnnotations?: Record<string, string>;
  };
}

/** A page of the manual; of codes that are no rule only the first two. */
export interface Page {
  code: string;
  what: string;
  severity?: Severity;
  level?: Finding["level"];
  why?: string;
  source?: string;
  bad?: string;
  good?: string;
}
