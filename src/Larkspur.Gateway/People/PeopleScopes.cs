using Larkspur.Feishu;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.People;

/// <summary>Refusals of the directory that an administrator can mend: which permission is missing, and where it is granted.</summary>
internal static class PeopleScopes
{
    /// <summary>Mail addresses and mobile numbers.</summary>
    public const string Ids = "contact:user.id:readonly";

    /// <summary>Reading members of departments at all.</summary>
    public const string Directory = "contact:contact.base:readonly";

    /// <summary>The field employee_no among them.</summary>
    public const string EmployeeNumber = "contact:user.employee_number:read";

    /// <summary>Members of roles.</summary>
    public const string Roles = "contact:functional_role:readonly";

    /// <summary>The refusal in our words; every other exception is left as it is.</summary>
    /// <param name="e">The platform's.</param>
    /// <param name="purpose">What was looked up, for the sentence: <c>mail addresses</c>.</param>
    /// <param name="needed">The least permission for it.</param>
    public static Exception Explain(FeishuApiException e, string purpose, string needed) => e.MissingScopes.Count == 0 ? e : Missing(purpose, needed, e.GrantUrl);

    /// <summary>A permission is missing.</summary>
    public static RequestRefusedException Missing(string purpose, string needed, Uri? grant) =>
        new(StatusCodes.Status403Forbidden, "missing_app_scope", null,
        $"The app may not look up {purpose}: it lacks {needed}.{(grant is null ? "" : $" Grant it at {grant} and publish a version of the app.")}");
}
