using System.Text.Json.Serialization;

namespace Larkspur.WeCom.Contacts;

/// <summary>Writes: only with the address-book-sync secret. The secret of an app is refused with 48002 (<see cref="FailureKind.Permission"/>) before anything happens.</summary>
public sealed partial class WeComContacts
{
    /// <summary>Members that one call deletes.</summary>
    public const int MostDeleted = 200;

    private static readonly WeComEndpoint CreateUser = WeComEndpoint.Write("user.create", "/cgi-bin/user/create");
    private static readonly WeComEndpoint UpdateUser = WeComEndpoint.Write("user.update", "/cgi-bin/user/update") with { IsRepeatable = true };
    // GETs by the platform's choice; they have an effect, and a second one of the same is refused with 60111 or 60003.
    private static readonly WeComEndpoint DeleteUser = new("user.delete", HttpMethod.Get, "/cgi-bin/user/delete");
    private static readonly WeComEndpoint DeleteUsers = WeComEndpoint.Write("user.batchdelete", "/cgi-bin/user/batchdelete");
    private static readonly WeComEndpoint CreateDepartment = WeComEndpoint.Write("department.create", "/cgi-bin/department/create");
    private static readonly WeComEndpoint UpdateDepartment = WeComEndpoint.Write("department.update", "/cgi-bin/department/update") with { IsRepeatable = true };
    private static readonly WeComEndpoint DeleteOneDepartment = new("department.delete", HttpMethod.Get, "/cgi-bin/department/delete");

    /// <summary>Creates a member.</summary>
    /// <exception cref="WeComContentException">Something is missing or too long; nothing was sent.</exception>
    /// <exception cref="WeComApiException">60102, 60104, 60106 (<see cref="FailureKind.Conflict"/>): the userid, mobile or mail address is somebody's already.</exception>
    public Task CreateMemberAsync(MemberSettings member, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(member);
        member.Judge(isNew: true);
        return _client.SendAsync(new WeComRequest(CreateUser) { Body = member }, cancellationToken: cancellationToken);
    }

    /// <summary>Changes what is not null.</summary>
    /// <inheritdoc cref="CreateMemberAsync" path="/exception"/>
    public Task UpdateMemberAsync(MemberSettings member, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(member);
        member.Judge(isNew: false);
        return _client.SendAsync(new WeComRequest(UpdateUser) { Body = member }, cancellationToken: cancellationToken);
    }

    /// <summary>Deletes a member. Not to be undone.</summary>
    public Task DeleteMemberAsync(string userId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(userId);
        return _client.SendAsync(new WeComRequest(DeleteUser) { Query = [new("userid", userId)] }, cancellationToken: cancellationToken);
    }

    /// <summary>Deletes members, 200 at most. Not to be undone.</summary>
    /// <exception cref="WeComContentException">None, or too many; nothing was sent.</exception>
    public Task DeleteMembersAsync(IReadOnlyCollection<string> userIds, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(userIds);
        var problems = new ContentProblems();
        problems.Count("useridlist", userIds, 1, MostDeleted);
        problems.ThrowIfAny();
        return _client.SendAsync(new WeComRequest(DeleteUsers) { Body = new { useridlist = userIds } }, cancellationToken: cancellationToken);
    }

    /// <summary>Creates a department.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="WeComContentException">Something is missing or too long; nothing was sent.</exception>
    /// <exception cref="WeComApiException">60008 (<see cref="FailureKind.Conflict"/>): a neighbour has this name, or a department this id.</exception>
    public async Task<long> CreateDepartmentAsync(DepartmentSettings department, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(department);
        department.Judge(isNew: true);
        return (await _client.SendAsync<Made>(new WeComRequest(CreateDepartment) { Body = department }, cancellationToken: cancellationToken)).Id;
    }

    /// <summary>Changes what is not null.</summary>
    /// <inheritdoc cref="CreateDepartmentAsync" path="/exception"/>
    public Task UpdateDepartmentAsync(DepartmentSettings department, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(department);
        department.Judge(isNew: false);
        return _client.SendAsync(new WeComRequest(UpdateDepartment) { Body = department }, cancellationToken: cancellationToken);
    }

    /// <summary>Deletes a department that has neither members (60005) nor departments below it (60006).</summary>
    public Task DeleteDepartmentAsync(long id, CancellationToken cancellationToken = default)
        => _client.SendAsync(new WeComRequest(DeleteOneDepartment) { Query = [new("id", id.ToString())] }, cancellationToken: cancellationToken);

    private sealed record Made([property: JsonRequired] long Id);
}
