using System.Runtime.CompilerServices;
using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Feishu.Api.Contact.V3;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.People.Directory.Reading;

namespace Larkspur.Gateway.Platforms.Feishu.Directory;

/// <inheritdoc cref="IDirectoryReading"/>
/// <param name="calls">The app's calls.</param>
/// <param name="credentials">Hashed.</param>
/// <param name="roots">Departments that the app was given: with the whole company, those of the first level.</param>
/// <param name="single">People that it was given by themselves.</param>
/// <param name="clock">The time.</param>
internal sealed class FeishuDirectoryReading(
    FeishuDirectoryCalls calls, string credentials, IReadOnlyList<string> roots, IReadOnlyList<string> single, TimeProvider clock)
        : IDirectoryReading
{
    public const string DepartmentIds = "open_department_id";
    private const string Root = "0";
    private const string SinglePeople = "single";
    private const int MostInBatch = 50;

    private readonly List<string> _refused = [];

    public IReadOnlyCollection<string> Refused => _refused;

    public string Company => calls.App.Client.Options.AppId;

    public string Credentials => credentials;

    public IReadOnlyList<string> Range => [.. roots.Select(r => "department:" + r), .. single.Select(p => "person:" + p)];

    public async Task<IReadOnlyList<DirectoryDepartment>> DepartmentsAsync(Action<string> ready, CancellationToken cancellation)
    {
        var found = new Dictionary<string, DirectoryDepartment>(StringComparer.Ordinal);
        foreach (var some in roots.Chunk(MostInBatch))
        {
            var batch = await calls.Contact.Department.BatchAsync(
                new() { DepartmentIds = some, DepartmentIdType = DepartmentIds, UserIdType = "union_id" },
                    calls.Options(Endpoints.DepartmentBatch), cancellation);
            foreach (var department in batch.Items ?? []) Add(found, department);
        }

        foreach (var root in roots) await BelowAsync(root, found, cancellation);
        return [.. found.Values];
    }

    /// <summary>The root's own members are told to apps that see the whole company.</summary>
    public IReadOnlyList<string> Parts(IReadOnlyList<DirectoryDepartment> departments) =>
        [Root, .. departments.Select(d => d.Key), .. single.Count > 0 ? [SinglePeople] : Array.Empty<string>()];

    public IAsyncEnumerable<DirectoryPage> MembersAsync(string part, CancellationToken cancellation) =>
        part == SinglePeople ? SingleAsync(cancellation) : OfDepartmentAsync(part, cancellation);

    public async IAsyncEnumerable<LookedUp> LookUpAsync(IReadOnlyList<string> keys, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var kind in keys.GroupBy(k => FeishuIds.KindOf(k) ?? "user_id"))
        {
            foreach (var some in kind.Chunk(MostInBatch))
            {
                var askedAt = clock.GetUtcNow();
                var batch = await calls.Contact.User.BatchAsync(
                    new() { UserIds = some, UserIdType = kind.Key, DepartmentIdType = DepartmentIds }, calls.Options(Endpoints.UserBatch),
                        cancellation);
                var found = (batch.Items ?? []).ToLookup(u =>
                    kind.Key switch { "union_id" => u.UnionId, "open_id" => u.OpenId, _ => u.UserId }, StringComparer.Ordinal);
                foreach (var key in some)
                {
                    // The batch leaves out those whom it may not tell and those whom there is none of: only the question for one says
                    // which.
                    if (found[key].FirstOrDefault() is { } user && FeishuMembers.Of(calls.App.Name, user) is { } member)
                        yield return new LookedUp(key, MemberFate.Present, member, askedAt);
                    else yield return await AskAsync(key, kind.Key, cancellation);
                }
            }
        }
    }

    public async Task<DirectoryDepartment?> DepartmentAsync(string key, CancellationToken cancellation)
    {
        var batch = await calls.Contact.Department.BatchAsync(
            new() { DepartmentIds = [key], DepartmentIdType = DepartmentIds, UserIdType = "union_id" },
                calls.Options(Endpoints.DepartmentBatch), cancellation);
        return (batch.Items ?? []).FirstOrDefault(d => d.OpenDepartmentId == key && d.Status?.IsDeleted != true) is { } found
            ? FeishuMembers.Of(found) : null;
    }

    private async Task BelowAsync(string parent, Dictionary<string, DirectoryDepartment> found, CancellationToken cancellation)
    {
        try
        {
            await foreach (var child in ChildrenAsync(parent, deep: true, cancellation)) Add(found, child);
        }
        catch (FeishuApiException e) when (e.Code is FeishuMembers.NoDepartmentRight or FeishuMembers.NoRightToParent)
        {
            _refused.Add($"{parent}: {e.Message}");
        }
        catch (FeishuApiException e) when (e.Code is FeishuMembers.TooManyBelow or FeishuMembers.TooManyBelowThere)
        {
            // Too many for one question: level by level.
            var children = new List<string>();
            await foreach (var child in ChildrenAsync(parent, deep: false, cancellation))
            {
                Add(found, child);
                if (child.OpenDepartmentId is { Length: > 0 } id) children.Add(id);
            }

            foreach (var child in children) await BelowAsync(child, found, cancellation);
        }
    }

    private IAsyncEnumerable<Department> ChildrenAsync(string parent, bool deep, CancellationToken cancellation) =>
        calls.Contact.Department.ChildrenAllAsync(
        new() { DepartmentId = parent, DepartmentIdType = DepartmentIds, UserIdType = "union_id", FetchChild = deep,
            PageSize = MostInBatch },
        calls.Options(Endpoints.DepartmentChildren), cancellation);

    private static void Add(Dictionary<string, DirectoryDepartment> found, Department department)
    {
        if (department.Status?.IsDeleted != true && FeishuMembers.Of(department) is { } known) found[known.Key] = known;
    }

    private async IAsyncEnumerable<DirectoryPage> OfDepartmentAsync(string department,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        string? token = null;
        do
        {
            var askedAt = clock.GetUtcNow();
            UserFindByDepartmentResponse page;
            try
            {
                page = await calls.Contact.User.FindByDepartmentAsync(
                    new() { DepartmentId = department, DepartmentIdType = DepartmentIds, UserIdType = "union_id", PageSize = MostInBatch,
                        PageToken = token },
                    calls.Options(Endpoints.UserFindByDepartment), cancellation);
            }
            catch (FeishuApiException e) when (department == Root && e.MissingScopes.Count == 0
                && e.FailureKind is FailureKind.Permission or FailureKind.NotFound)
            {
                // Whose range is not the whole company has nothing to see there.
                yield break;
            }

            yield return PageOf(page.Items, askedAt);
            var next = page.HasMore == true ? page.PageToken : null;
            if (next is not null && next == token) throw new DirectoryUnreadableException("endless",
                $"The members of {department} name the same page again.");
            token = next;
        }
        while (token is { Length: > 0 });
    }

    private async IAsyncEnumerable<DirectoryPage> SingleAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var some in single.Chunk(MostInBatch))
        {
            var askedAt = clock.GetUtcNow();
            var batch = await calls.Contact.User.BatchAsync(
                new() { UserIds = some, UserIdType = "union_id", DepartmentIdType = DepartmentIds }, calls.Options(Endpoints.UserBatch),
                    cancellation);
            yield return PageOf(batch.Items, askedAt);
        }
    }

    private DirectoryPage PageOf(IReadOnlyList<User>? users, DateTimeOffset askedAt) =>
        new([.. (users ?? []).Select(u => FeishuMembers.Of(calls.App.Name, u)).OfType<DirectoryMember>()], askedAt);

    private async Task<LookedUp> AskAsync(string key, string kind, CancellationToken cancellation)
    {
        var askedAt = clock.GetUtcNow();
        try
        {
            var answer = await calls.Contact.User.GetAsync(
                new() { UserId = key, UserIdType = kind, DepartmentIdType = DepartmentIds }, calls.Options(Endpoints.UserGet),
                    cancellation);
            return answer.User is { } user && FeishuMembers.Of(calls.App.Name, user) is { } member
                ? new LookedUp(key, MemberFate.Present, member, askedAt) : new LookedUp(key, MemberFate.Gone, null, askedAt);
        }
        catch (FeishuApiException e) when (e.Code is FeishuMembers.OutOfRange or FeishuMembers.NoDepartmentRight)
        {
            return new LookedUp(key, MemberFate.Hidden, null, askedAt);
        }
        catch (FeishuApiException e) when (e.MissingScopes.Count == 0 && !e.IsTransient
            && e.FailureKind is FailureKind.NotFound or FailureKind.Invalid)
        {
            return new LookedUp(key, MemberFate.Gone, null, askedAt);
        }
    }
}
