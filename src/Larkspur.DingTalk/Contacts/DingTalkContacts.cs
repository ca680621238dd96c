namespace Larkspur.DingTalk.Contacts;

/// <summary>Reads people and departments. Free of the month's quota; what the app lacks permission for is missing, not empty.</summary>
/// <remarks>Source: 02/0049, 02/0062, 02/0082. Thread-safe.</remarks>
public sealed class DingTalkContacts
{
    private static readonly DingTalkEndpoint User = Post("contacts.user.get", "/topapi/v2/user/get");
    private static readonly DingTalkEndpoint ByMobile = Post("contacts.user.by_mobile", "/topapi/v2/user/getbymobile");
    internal static readonly DingTalkEndpoint ByUnionId = Post("contacts.user.by_unionid", "/topapi/user/getbyunionid");
    private static readonly DingTalkEndpoint Users = Post("contacts.user.list", "/topapi/v2/user/list");
    private static readonly DingTalkEndpoint Departments = Post("contacts.department.list", "/topapi/v2/department/listsub");

    private static readonly DingTalkEndpoint Above = Post("contacts.department.above", "/topapi/v2/department/listparentbydept");

    private static readonly DingTalkEndpoint Department = Post("contacts.department.get", "/topapi/v2/department/get");

    private static readonly DingTalkEndpoint Scopes =
        new() { Id = "contacts.scopes", Method = HttpMethod.Get, Path = "/auth/scopes", Form = DingTalkForm.Old, IsCounted = false };

    private readonly DingTalkClient _client;

    internal DingTalkContacts(DingTalkClient client) => _client = client;

    /// <summary>A person.</summary>
    /// <exception cref="DingTalkApiException"><c>60121</c>: there is none (<see cref="FailureKind.NotFound"/>); <c>50002</c>: out of the app's range.</exception>
    public Task<DingTalkPerson> GetAsync(string userId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(userId);
        return ResultAsync<DingTalkPerson>(User, new { userid = userId }, cancellationToken);
    }

    /// <summary>The userid behind a mobile number.</summary>
    /// <inheritdoc cref="GetAsync" path="/exception"/>
    public async Task<string> FindByMobileAsync(string mobile, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(mobile);
        return Found(ByMobile, await ResultAsync<Id>(ByMobile, new { mobile }, cancellationToken));
    }

    /// <summary>The userid behind a union id.</summary>
    /// <inheritdoc cref="GetAsync" path="/exception"/>
    public async Task<string> FindByUnionIdAsync(string unionId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(unionId);
        return Found(ByUnionId, await ResultAsync<Id>(ByUnionId, new { unionid = unionId }, cancellationToken));
    }

    /// <summary>What the app may see of the organisation: departments with all below them, and people by themselves.</summary>
    /// <remarks>Source: 02/0053.</remarks>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    public async Task<DingTalkRange> RangeAsync(CancellationToken cancellationToken = default)
        => (await _client.SendAsync<ScopesAnswer>(new DingTalkRequest(Scopes), cancellationToken: cancellationToken)).AuthOrgScopes
            ?? throw DingTalkErrorReader.WrongShape(Scopes.Id, "there is no auth_org_scopes");

    /// <summary>A department.</summary>
    /// <exception cref="DingTalkApiException"><c>60003</c>: there is none (<see cref="FailureKind.NotFound"/>); <c>50004</c>: out of the
    /// app's range.</exception>
    public Task<DingTalkDepartment> GetDepartmentAsync(long departmentId, CancellationToken cancellationToken = default)
        => ResultAsync<DingTalkDepartment>(Department, new { dept_id = departmentId }, cancellationToken);

    /// <summary>A page of a department's direct members.</summary>
    /// <param name="departmentId">1: the root.</param>
    /// <param name="cursor">0: the first page.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    public async Task<DingTalkMembers> ListPageAsync(long departmentId, long cursor = 0, CancellationToken cancellationToken = default)
    {
        // How many a page may have is not stated; 100 is what others use (UNVERIFIED).
        Page page = await ResultAsync<Page>(Users, new { dept_id = departmentId, cursor, size = 100 }, cancellationToken);
        if (!page.HasMore) return new DingTalkMembers(page.List ?? [], null);
        // A cursor that stands still would be asked for without end.
        return page.NextCursor is { } next && next > cursor
            ? new DingTalkMembers(page.List ?? [], next) : throw DingTalkErrorReader.WrongShape(Users.Id,
                "there is more, and no next cursor");
    }

    /// <summary>The direct members of a department, page by page.</summary>
    /// <param name="departmentId">1: the root.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    public async IAsyncEnumerable<DingTalkPerson> ListAsync(long departmentId = 1, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        long? cursor = 0;
        while (cursor is { } at)
        {
            DingTalkMembers page = await ListPageAsync(departmentId, at, cancellationToken);
            foreach (DingTalkPerson person in page.People) yield return person;
            cursor = page.Next;
        }
    }

    /// <summary>The direct children of a department.</summary>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    public async Task<IReadOnlyList<DingTalkDepartment>> ListDepartmentsAsync(long departmentId = 1, CancellationToken cancellationToken = default)
        => await ResultAsync<List<DingTalkDepartment>>(Departments, new { dept_id = departmentId }, cancellationToken);

    /// <summary>The department and those that it is part of: itself first, the root (1) last.</summary>
    /// <remarks>Source: the platform's page "query the list of all parent departments of a department"; permission <c>qyapi_get_department_list</c>.</remarks>
    /// <exception cref="DingTalkApiException"><c>60003</c>: there is none (<see cref="FailureKind.NotFound"/>).</exception>
    public async Task<IReadOnlyList<long>> ListAboveAsync(long departmentId, CancellationToken cancellationToken = default)
        => (await ResultAsync<Branch>(Above, new { dept_id = departmentId }, cancellationToken)).ParentIdList ?? throw DingTalkErrorReader.WrongShape(Above.Id, "there is no parent_id_list");

    private static string Found(DingTalkEndpoint endpoint, Id found) => found.Userid is { Length: > 0 } id ? id : throw DingTalkErrorReader.WrongShape(endpoint.Id, "there is no userid");

    private async Task<T> ResultAsync<T>(DingTalkEndpoint endpoint, object body, CancellationToken cancellationToken)
        where T : class
        => (await _client.SendAsync<Answer<T>>(new DingTalkRequest(endpoint) { Body = body }, cancellationToken: cancellationToken)).Result
            ?? throw DingTalkErrorReader.WrongShape(endpoint.Id, "there is no result");

    private static DingTalkEndpoint Post(string id, string path)
        => new() { Id = id, Method = HttpMethod.Post, Path = path, Form = DingTalkForm.Old, OnlyReads = true, IsCounted = false };

    private sealed record Answer<T>(T? Result);

    private sealed record Id(string? Userid);

    private sealed record Branch(List<long>? ParentIdList);

    private sealed record ScopesAnswer(DingTalkRange? AuthOrgScopes);

    private sealed record Page(bool HasMore, long? NextCursor, List<DingTalkPerson>? List);
}

/// <summary>A person. What is null may be there all the same: the app lacks the permission to see it.</summary>
public sealed record DingTalkPerson
{
    /// <summary>Id in the organisation.</summary>
    public string Userid { get; init; } = "";

    /// <summary>Id for the developer's organisation.</summary>
    public string? Unionid { get; init; }

    /// <summary>Name.</summary>
    public string? Name { get; init; }

    /// <summary>Mobile number.</summary>
    public string? Mobile { get; init; }

    /// <summary>Mail address.</summary>
    public string? Email { get; init; }

    /// <summary>The organisation's own mail address.</summary>
    public string? OrgEmail { get; init; }

    /// <summary>Employee number.</summary>
    public string? JobNumber { get; init; }

    /// <summary>Position.</summary>
    public string? Title { get; init; }

    /// <summary>Place of work.</summary>
    public string? WorkPlace { get; init; }

    /// <summary>When they joined, Unix milliseconds.</summary>
    public long? HiredDate { get; init; }

    /// <summary>The company's own fields, a JSON object in text.</summary>
    public string? Extension { get; init; }

    /// <summary>Departments.</summary>
    public IReadOnlyList<long> DeptIdList { get; init; } = [];

    /// <summary>Superior (only of a person who is asked for by id).</summary>
    public string? ManagerUserid { get; init; }

    /// <summary>Has activated the account.</summary>
    public bool Active { get; init; }

    /// <summary>Administers the organisation.</summary>
    public bool Admin { get; init; }

    /// <summary>Not shown: number and address.</summary>
    public override string ToString() => $"person {Userid}";
}

/// <summary>A department.</summary>
/// <param name="DeptId">Its id; 1 is the root.</param>
/// <param name="Name">Its name.</param>
/// <param name="ParentId">The one above it.</param>
public sealed record DingTalkDepartment(long DeptId, string? Name, long? ParentId)
{
    /// <summary>Userids of who leads it (only of a department that is asked for by id).</summary>
    public IReadOnlyList<string>? DeptManagerUseridList { get; init; }

    /// <summary>Order among its neighbours; smaller is earlier (only of a department that is asked for by id).</summary>
    public long? Order { get; init; }
}

/// <summary>A page of members.</summary>
/// <param name="People">They.</param>
/// <param name="Next">The cursor of the next page; null: it was the last.</param>
public sealed record DingTalkMembers(IReadOnlyList<DingTalkPerson> People, long? Next);

/// <summary>What an app may see of the organisation.</summary>
/// <param name="AuthedUser">Userids of people by themselves.</param>
/// <param name="AuthedDept">Departments, with all below them; 1: the whole organisation.</param>
public sealed record DingTalkRange(IReadOnlyList<string>? AuthedUser, IReadOnlyList<long>? AuthedDept);
