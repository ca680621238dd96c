using Larkspur.Gateway.Console.Accounts;

namespace Larkspur.Gateway.Console.SignIn;

/// <summary>Who gets a role when they sign in with an account of the company.</summary>
/// <param name="Id">Of the row.</param>
/// <param name="Kind">A word of <see cref="RoleRuleKinds"/>.</param>
/// <param name="Place">A department's platform and app, <c>wecom/default</c>, for ids are of one company; a group's identity provider; else
/// empty.</param>
/// <param name="Value">The department's id, the group's name, the person's id.</param>
/// <param name="Label">As it was called when the rule was made.</param>
/// <param name="Role">What they get.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="CreatedBy">By whom.</param>
internal sealed record RoleRule(
    long Id, string Kind, string Place, string Value, string Label, Role Role, DateTimeOffset CreatedAt, string CreatedBy)
{
    /// <summary>The company in which a department's id means one.</summary>
    public static string PlaceOf(string platform, string app) => $"{platform}/{app}";
}

/// <summary>What a rule speaks of.</summary>
internal static class RoleRuleKinds
{
    /// <summary>A department of a platform's directory, with all below it.</summary>
    public const string Department = "department";

    /// <summary>A group or role that an identity provider names.</summary>
    public const string Group = "group";

    public const string Person = "person";
}
