namespace Larkspur.Gateway.Authorizations.Rows;

/// <summary>Why an authorization ended.</summary>
internal static class AuthorizationEnds
{
    /// <summary>By the person, or by an administrator.</summary>
    public const string Withdrawn = "withdrawn";

    /// <summary>The business system that holds it gave it back.</summary>
    public const string GivenBack = "given_back";

    /// <summary>The person, an administrator or the security of the platform ended it there.</summary>
    public const string Revoked = "revoked";

    /// <summary>Its tokens cannot be renewed any more: the platform wants the person's word anew (after a year at most).</summary>
    public const string RunOut = "run_out";

    /// <summary>The person left the company, or was shut out.</summary>
    public const string Left = "left";

    /// <summary>Another one of the same holder has all its scopes.</summary>
    public const string Replaced = "replaced";
}
