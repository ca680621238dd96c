using Larkspur.Gateway.People.SignIn;

namespace Larkspur.Gateway.Authorizations.Page;

/// <summary>Addresses of the pages on which people allow calls in their own name, and take that back.</summary>
internal static class AuthorizationPaths
{
    /// <summary>What a signed-in person has allowed.</summary>
    public const string Root = SignInPaths.Authorizations;

    /// <summary>Words of the query: what went wrong on the platform's page.</summary>
    public const string NotAsked = "not_asked";
    public const string Denied = "denied";
    public const string ScopesMissing = "scopes_missing";

    public const string Problem = "problem";

    /// <summary>The page of one question.</summary>
    public static string Of(string id) => $"{Root}/{id}";

    /// <summary>The same, with what went wrong.</summary>
    public static string WithProblem(string id, string word) => $"{Of(id)}?{Problem}={word}";
}
