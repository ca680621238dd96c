using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.Commands;

/// <summary>Who called a command. What is null was not told.</summary>
/// <param name="Platform"><c>feishu</c>, <c>wecom</c>, <c>dingtalk</c>, <c>web</c>.</param>
/// <param name="Id">The platform's main id of them: on Feishu the open id, on WeCom and DingTalk the user id.</param>
public sealed record CommandCaller(string Platform, string Id)
{
    /// <summary>Id within their company: on Feishu the user id (when the app may see it), on WeCom and DingTalk <see cref="Id"/>.</summary>
    public string? UserId { get; init; }

    /// <summary>As the platform's directory shows it; only <see cref="CommandCall.LookUpCallerAsync"/> asks for it.</summary>
    public string? Name { get; init; }

    /// <summary>The mail address of the platform's own directory.</summary>
    public string? Email { get; init; }

    /// <summary>
    /// The gateway's person, the same on all linked platforms; only <see cref="CommandCall.LookUpCallerAsync"/> asks for it.
    /// </summary>
    public string? PersonId { get; init; }

    /// <summary>They are no member of the company whose app they wrote to.</summary>
    public bool? IsExternal { get; init; }

    internal static CommandCaller Of(PlatformAccount account, string? personId = null) => new(account.Platform, account.Ids[0].Value)
    {
        UserId = account.Ids.Where(i => i.Kind is "user_id" or "userid").Select(i => i.Value).FirstOrDefault(),
        Name = account.Name,
        Email = account.VerifiedEmail,
        IsExternal = account.IsExternal,
        PersonId = personId,
    };
}
