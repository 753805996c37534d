/** The other side is not who it should be, or somebody stands in between; the message names the rule. */
export class AgreementError extends Error {}
