/** A text with the name that findings call it by. */
export interface File { name: string; text: string }

/** Values in, manifests out. Each file lies over those before it, and all over the chart's own values. */
export interface Render {
  op: "render";
  files: File[];
  release?: Release;
  /** Documents of YAML, or one List as JSON; YAML without it. */
  output?: "yaml" | "json";
}

/** Values in, what will exist and why out; as `gatewright plan --format json`. */
export interface Plan {
  op: "plan";
  files: File[];
  release?: Release;
  /** Also a picture of it. */
  picture?: "svg" | "dot" | "mermaid";
}

/** The release that values are for; empty where it is not known. */
export interface Release { name?: string; namespace?: string }

/** Manifests in, a report out. CRDs of other kinds are not looked at here: the binary does that. */
export interface Check {
  op: "check";
  files: File[];
  /** Objects as they are now: the files are an update of them. */
  against?: File[];
  /** Objects that are there already, and not judged; texts, as the files. */
  context?: File[];
  cluster?: Cluster;
  /** How decisions on host names are made by the grants and claims of the context; settings as in docs/ownership.md. */
  ownership?: object;
  /** Also the status that a conforming controller would write. */
  status?: boolean;
  /** Codes to look for; all without it. */
  only?: string[];
  /** Codes to leave out, except refusals; not beside `only`. */
  skip?: string[];
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
  review: unknown;
  /**
   * Every object that there is, or some of them with the kinds of which these are all; no object without it. Unlike in `check`
   * these are the objects themselves, not files.
   */
  context?: object[] | { objects: object[]; complete?: string[]; publicSuffixes?: string[] };
  /** Settings as in docs/ownership.md. */
  settings?: object;
  /** Also which grant or claim answered what. */
  trace?: boolean;
}

/** Manifests and a request in, who answers it and why not the others out. */
export interface Trace { op: "trace"; files: File[]; request: Request; cluster?: Cluster }

/** A request, in the words of the flags of `gatewright trace`. */
export interface Request {
  /** With or without a port. */
  host?: string;
  path?: string;
  method?: string;
  /** Each `name:value`. */
  headers?: string[];
  /** Each `name=value`. */
  query?: string[];
  sni?: string;
  port?: number;
  /** `namespace/name` */
  gateway?: string;
}

/** A code in, its page of the manual out; every page without a code. */
export interface Explain { op: "explain"; code?: string }

/** What answers, and what it knows. */
export interface Version { op: "version" }

export type Message = Render | Plan | Check | Review | Trace | Explain | Version;

/** What is answered to a message. What is wrong with values or manifests is in the report, and no error. */
export type Answer<M extends Message> = { ok: Answers[M["op"]]; error?: undefined } | { ok?: undefined; error: Fault };

/** Why a message cannot be answered: `message-malformed` (beyond 64 MiB too), `unknown-operation` or `unknown-code`. */
export interface Fault { code: string; message: string; hint: string }

export interface Answers {
  /** After an error the manifests are empty, and the report says why. */
  render: { manifests: string; report: Report };
  /** After an error the plan is null, and the report says why; docs/plan.md has its parts. */
  plan: { plan: Record<string, unknown> | null; picture: string | null; report: Report };
  /** hidden: refusals that are not listed, because `only` asks for other findings. */
  check: Report & { status?: Record<string, unknown>; hidden?: number };
  review: { review: AdmissionReview; trace?: { allowed: boolean; findings: Finding[]; uses: Use[] } };
  /** docs/check.md has its parts. */
  trace: { trace: { answer: Record<string, unknown>; losers: unknown[]; undecided: unknown[]; notes: string[] }; report: Report };
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
  /** 1-based, where the text is known. */
  line?: number;
  column?: number;
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
