/** What every client below needs to know: where the server is, and who asks. */
export interface Session {
  /** `https://…/graphql` */
  url: string;
  /** The bearer token of now; undefined when nobody is signed in. */
  token: () => string | undefined;
  /** An id from `viewer { memberships { id } }`; undefined takes the oldest membership. */
  membership?: () => string | undefined;
  /** Called once the server has refused the token: send the person to sign in. */
  signedOut: () => void;
}

export function headersOf(session: Session): Record<string, string> {
  const token = session.token();
  const membership = session.membership?.();
  return {
    "GraphQL-Client-Name": "our-front-end",
    "GraphQL-Client-Version": "1.0.0",
    ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    ...(membership === undefined ? {} : { "Yingsu-Membership": membership }),
  };
}
