using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Apps.Feishu;

/// <summary>Names of people, as far as the app may see them.</summary>
/// <remarks>A missing name is usual: the app may lack the scope, or the person may be outside its contact range. Nothing may depend on one.</remarks>
internal sealed class FeishuPeople(FeishuApps apps, TimeProvider clock, ILogger<FeishuPeople> logger)
{
    private static readonly FeishuCallOptions Call = new() { Timeout = TimeSpan.FromSeconds(1.5), MaxAttempts = 1 };

    private readonly RememberedPeople<FeishuPerson> _people = new(clock, logger);

    /// <summary>The person, or null when the app may not see them or the directory does not answer quickly.</summary>
    public ValueTask<FeishuPerson?> FindAsync(string app, string openId, CancellationToken cancellation) => _people.FindAsync(app, openId, limit => AskAsync(app, openId, limit), cancellation);

    private async Task<FeishuPerson?> AskAsync(string app, string openId, CancellationToken cancellation)
    {
        var answer = await apps.Get(app).Client.Contact.V3.User.GetAsync(new() { UserId = openId, UserIdType = "open_id" }, Call, cancellation);
        return answer.User is { } user
            ? new FeishuPerson(user.Name, user.EnName, user.UserId, user.UnionId) { Email = user.EnterpriseEmail, Departments = user.DepartmentIds }
            : null;
    }
}

/// <summary>A person in the directory. Absent fields were not permitted; they are not empty.</summary>
internal sealed record FeishuPerson(string? Name, string? EnName, string? UserId, string? UnionId)
{
    /// <summary>Work mail address, of the company's directory.</summary>
    public string? Email { get; init; }

    /// <summary>Ids of the departments that the person is in; null: not permitted to be seen.</summary>
    public IReadOnlyList<string>? Departments { get; init; }

    /// <summary>The name as readers of the language know it; null when it may not be seen.</summary>
    public string? NameIn(Language language) => language == Language.English && EnName is { Length: > 0 } ? EnName : Name;
}
