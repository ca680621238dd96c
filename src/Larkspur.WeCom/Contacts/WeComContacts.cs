using System.Text.Json.Serialization;

namespace Larkspur.WeCom.Contacts;

/// <summary>A member. Apps made after 2022-06-20 do not get mobile, mail and the like here: the person grants them at sign-in.</summary>
public sealed record Member
{
    /// <summary>Userid.</summary>
    [JsonPropertyName("userid")]
    public string UserId { get; init; } = "";

    /// <summary>Name.</summary>
    public string? Name { get; init; }

    /// <summary>Alias.</summary>
    public string? Alias { get; init; }

    /// <summary>English name.</summary>
    public string? EnglishName { get; init; }

    /// <summary>Mobile number.</summary>
    public string? Mobile { get; init; }

    /// <summary>Mail address.</summary>
    public string? Email { get; init; }

    /// <summary>Company mail address.</summary>
    public string? BizMail { get; init; }

    /// <summary>Ids of departments.</summary>
    public IReadOnlyList<long> Department { get; init; } = [];

    /// <summary>The main one.</summary>
    public long? MainDepartment { get; init; }

    /// <summary>1 where the member leads the department of the same place in <see cref="Department"/>.</summary>
    public IReadOnlyList<int> IsLeaderInDept { get; init; } = [];

    /// <summary>Userids of direct leaders.</summary>
    public IReadOnlyList<string> DirectLeader { get; init; } = [];

    /// <summary>Position.</summary>
    public string? Position { get; init; }

    /// <summary>1 active, 2 disabled, 4 not activated, 5 left.</summary>
    public int? Status { get; init; }

    /// <summary>Id that is the same for all apps of a provider.</summary>
    [JsonPropertyName("open_userid")]
    public string? OpenUserId { get; init; }
}

/// <summary>A department. Its name may be missing for apps without the right to it.</summary>
public sealed record Department
{
    /// <summary>Its id; the root is 1.</summary>
    public long Id { get; init; }

    /// <summary>Name.</summary>
    public string? Name { get; init; }

    /// <summary>English name.</summary>
    public string? NameEn { get; init; }

    /// <summary>The one above; 0 above the root.</summary>
    [JsonPropertyName("parentid")]
    public long ParentId { get; init; }

    /// <summary>Order among its neighbours; larger is earlier.</summary>
    public long Order { get; init; }

    /// <summary>Userids of leaders.</summary>
    public IReadOnlyList<string> DepartmentLeader { get; init; } = [];
}

/// <summary>One row of the address book: a member in a department.</summary>
public sealed record MemberOfDepartment([property: JsonPropertyName("userid")] string UserId, long Department);

/// <summary>The address book.</summary>
public sealed partial class WeComContacts
{
    private static readonly WeComEndpoint GetUser = WeComEndpoint.Get("user.get", "/cgi-bin/user/get");
    private static readonly WeComEndpoint ListUsers = WeComEndpoint.Get("user.list", "/cgi-bin/user/list");
    private static readonly WeComEndpoint ListIds = WeComEndpoint.Read("user.list_id", "/cgi-bin/user/list_id");
    private static readonly WeComEndpoint ListDepartments = WeComEndpoint.Get("department.list", "/cgi-bin/department/list");
    private static readonly WeComEndpoint ListDepartmentIds = WeComEndpoint.Get("department.simplelist", "/cgi-bin/department/simplelist");
    private static readonly WeComEndpoint GetDepartment = WeComEndpoint.Get("department.get", "/cgi-bin/department/get");
    private static readonly WeComEndpoint ByMobile = WeComEndpoint.Read("user.getuserid", "/cgi-bin/user/getuserid");
    private static readonly WeComEndpoint ByEmail = WeComEndpoint.Read("user.get_userid_by_email", "/cgi-bin/user/get_userid_by_email");
    private static readonly WeComEndpoint ToOpenId = WeComEndpoint.Read("user.convert_to_openid", "/cgi-bin/user/convert_to_openid");

    private readonly WeComClient _client;

    internal WeComContacts(WeComClient client) => _client = client;

    /// <summary>One member.</summary>
    /// <exception cref="WeComApiException">60111: unknown; 60011: outside of the visible range.</exception>
    public Task<Member> MemberAsync(string userId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(userId);
        return _client.SendAsync<Member>(new WeComRequest(GetUser) { Query = [new("userid", userId)] }, cancellationToken: cancellationToken);
    }

    /// <summary>The members of one department, without those below it.</summary>
    public async Task<IReadOnlyList<Member>> MembersAsync(long departmentId, CancellationToken cancellationToken = default)
        => (await _client.SendAsync<Members>(new WeComRequest(ListUsers) { Query = [new("department_id", departmentId.ToString())] }, cancellationToken: cancellationToken)).Userlist;

    /// <summary>Every member of every department, a row for each; only with the address-book-sync secret (48002 otherwise).</summary>
    public async IAsyncEnumerable<MemberOfDepartment> AllIdsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string? cursor = null;
        while (true)
        {
            Ids page = await _client.SendAsync<Ids>(new WeComRequest(ListIds) { Body = new { cursor, limit = 10_000 } }, cancellationToken: cancellationToken);
            foreach (MemberOfDepartment row in page.DeptUser) yield return row;
            if (string.IsNullOrEmpty(page.NextCursor)) yield break;
            // A cursor that stays would be read for ever.
            if (page.NextCursor == cursor) throw new WeComApiException("user.list_id names the same cursor again.") { Endpoint = ListIds.Id };
            cursor = page.NextCursor;
        }
    }

    /// <summary>Departments: all that the app sees, or one and those below it.</summary>
    public async Task<IReadOnlyList<Department>> DepartmentsAsync(long? below = null, CancellationToken cancellationToken = default)
        => (await _client.SendAsync<Departments>(new WeComRequest(ListDepartments) { Query = below is { } id ? [new("id", id.ToString())] : [] }, cancellationToken: cancellationToken)).Department;

    /// <summary>Ids of departments with those above them, without names: all that the secret sees. Officially preferred to
    /// <see cref="DepartmentsAsync"/>, which a large company's directory answers slowly; the address-book-sync secret gets nothing
    /// else.</summary>
    public async Task<IReadOnlyList<Department>> DepartmentIdsAsync(CancellationToken cancellationToken = default)
        => (await _client.SendAsync<DepartmentIds>(new WeComRequest(ListDepartmentIds), cancellationToken: cancellationToken)).DepartmentId;

    /// <summary>One department.</summary>
    /// <exception cref="WeComApiException">60003: unknown; 60011: outside of the visible range.</exception>
    public async Task<Department> DepartmentAsync(long id, CancellationToken cancellationToken = default)
        => (await _client.SendAsync<OneDepartment>(new WeComRequest(GetDepartment) { Query = [new("id", id.ToString())] },
            cancellationToken: cancellationToken)).Department;

    /// <summary>Who has a mobile number. When more than a fifth as many numbers as the company has people were unknown, the platform blocks the call for a day.</summary>
    public async Task<string> ByMobileAsync(string mobile, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(mobile);
        return (await _client.SendAsync<User>(new WeComRequest(ByMobile) { Body = new { mobile } }, cancellationToken: cancellationToken)).UserId;
    }

    /// <summary>Who has a mail address; the same block as for mobile numbers.</summary>
    /// <param name="email">The address.</param>
    /// <param name="isBusiness">The company's mail address rather than the person's.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<string> ByEmailAsync(string email, bool isBusiness = true, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(email);
        return (await _client.SendAsync<User>(new WeComRequest(ByEmail) { Body = new { email, email_type = isBusiness ? 1 : 2 } }, cancellationToken: cancellationToken)).UserId;
    }

    /// <summary>The openid of a member, for payments.</summary>
    public async Task<string> OpenIdAsync(string userId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(userId);
        return (await _client.SendAsync<Converted>(new WeComRequest(ToOpenId) { Body = new { userid = userId } }, cancellationToken: cancellationToken)).OpenId;
    }

    private sealed record Members(IReadOnlyList<Member> Userlist);

    private sealed record Departments(IReadOnlyList<Department> Department);

    private sealed record DepartmentIds(IReadOnlyList<Department> DepartmentId);

    private sealed record OneDepartment(Department Department);

    private sealed record Ids(string? NextCursor, IReadOnlyList<MemberOfDepartment> DeptUser);

    private sealed record User([property: JsonPropertyName("userid")] string UserId);

    private sealed record Converted([property: JsonPropertyName("openid")] string OpenId);
}
