using System.Collections.Concurrent;
using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Feishu.Api.Contact.V3;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.People.Directory.Rows;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People;

/// <summary>
/// Employee numbers. The directory that the app reads knows them at no cost. Who is not in it is looked for on the platform, which
/// finds nobody by one: the members of all departments in the app's range are read once, kept for an hour, and read again when a
/// number is missing and what is kept is older than five minutes.
/// </summary>
/// <remarks>Costs <c>contact:contact.base:readonly</c> and the field's own <c>contact:user.employee_number:read</c> (or <c>contact:user.employee:readonly</c>), and about one call per 50 people and one per department.</remarks>
internal sealed class EmployeeNumbers(PlatformCalls calls, IDatabase database, TimeProvider clock)
{
    private const int MostPeople = 100_000;
    private const int MostDepartments = 5_000;
    private const int PageSize = 50;
    private const string Root = "0";
    private static readonly TimeSpan LongestReading = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, (Task<IReadOnlyDictionary<string, PlatformPerson[]>> Read, DateTimeOffset At)> _read = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>Everybody who has the number: usually one.</summary>
    /// <exception cref="RequestRefusedException">A permission is missing, or the company is too large.</exception>
    public async Task<IReadOnlyList<PlatformPerson>> FindAsync(FeishuApp app, string number, CancellationToken cancellation)
    {
        var known = await database.ReadAsync(sql => NumberedMembers.FindAsync(sql, PlatformNames.Feishu, app.Name, number), cancellation);
        if (known.Count > 0) return known;
        var (reading, at) = Now(app, PeopleCache.KeepFound);
        var people = await reading.WaitAsync(cancellation);
        if (people.TryGetValue(number, out var found)) return found;
        if (clock.GetUtcNow() - at < PeopleCache.KeepUnknown) return [];
        people = await Now(app, PeopleCache.KeepUnknown).Read.WaitAsync(cancellation);
        return people.GetValueOrDefault(number) ?? [];
    }

    /// <summary>All are read anew with the next question.</summary>
    public void Forget()
    {
        lock (_gate) _read.Clear();
    }

    /// <summary>A person of the platform's answer. Absent fields were not permitted.</summary>
    internal static PlatformPerson PersonOf(User user) => new()
    {
        OpenId = Given(user.OpenId), UserId = Given(user.UserId), UnionId = Given(user.UnionId), Name = Given(user.Name), EnName = Given(user.EnName), EmployeeNo = Given(user.EmployeeNo),
    };

    private static string? Given(string? text) => text is { Length: > 0 } ? text : null;

    /// <summary>What was read not longer ago than this, or a new reading that everybody who asks meanwhile waits for.</summary>
    private (Task<IReadOnlyDictionary<string, PlatformPerson[]>> Read, DateTimeOffset At) Now(FeishuApp app, TimeSpan age)
    {
        lock (_gate)
        {
            var id = app.Client.Options.AppId;
            if (_read.TryGetValue(id, out var kept) && !kept.Read.IsFaulted && !kept.Read.IsCanceled && clock.GetUtcNow() - kept.At < age) return kept;
            // Not the caller's to cancel: others wait for it, too.
            return _read[id] = (Task.Run(() => ReadAsync(app)), clock.GetUtcNow());
        }
    }

    private async Task<IReadOnlyDictionary<string, PlatformPerson[]>> ReadAsync(FeishuApp app)
    {
        using var end = new CancellationTokenSource(LongestReading);
        var people = new Dictionary<string, PlatformPerson>(StringComparer.Ordinal);
        try
        {
            foreach (var department in await DepartmentsAsync(app, people, end.Token)) await MembersAsync(app, department, people, end.Token);
        }
        catch (FeishuApiException e)
        {
            throw PeopleScopes.Explain(e, "employee numbers", PeopleScopes.Directory);
        }

        if (people.Count > 0 && people.Values.All(p => p.EmployeeNo is null))
            throw PeopleScopes.Missing("employee numbers", PeopleScopes.EmployeeNumber, new Uri($"https://open.feishu.cn/app/{app.Client.Options.AppId}/auth?q={PeopleScopes.EmployeeNumber}"));
        return people.Values.Where(p => p.EmployeeNo is not null).GroupBy(p => p.EmployeeNo!, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.ToArray(), StringComparer.Ordinal);
    }

    /// <summary>The departments in the app's range, and those below them. People who are in the range by themselves are read at once.</summary>
    private async Task<HashSet<string>> DepartmentsAsync(FeishuApp app, Dictionary<string, PlatformPerson> people, CancellationToken cancellation)
    {
        var departments = new HashSet<string>(StringComparer.Ordinal) { Root };
        var roots = new List<string>();
        await foreach (var page in app.Client.Contact.V3.Scope.ListPagesAsync(new() { PageSize = 100, UserIdType = "open_id" }, calls.Call(app, Endpoints.ScopeList), cancellation))
        {
            roots.AddRange(page.DepartmentIds ?? []);
            foreach (var some in (page.UserIds ?? []).Chunk(PageSize))
            {
                var batch = await app.Client.Contact.V3.User.BatchAsync(new() { UserIds = some, UserIdType = "open_id" }, calls.Call(app, Endpoints.UserBatch), cancellation);
                foreach (var user in batch.Items ?? []) Add(people, user);
            }
        }

        foreach (var root in roots)
        {
            departments.Add(root);
            await foreach (var child in app.Client.Contact.V3.Department.ChildrenAllAsync(new() { DepartmentId = root, FetchChild = true, PageSize = PageSize }, calls.Call(app, Endpoints.DepartmentChildren), cancellation))
            {
                if (child.OpenDepartmentId is { Length: > 0 } id) departments.Add(id);
                if (departments.Count > MostDepartments) throw TooLarge();
            }
        }

        return departments;
    }

    private async Task MembersAsync(FeishuApp app, string department, Dictionary<string, PlatformPerson> people, CancellationToken cancellation)
    {
        try
        {
            await foreach (var user in app.Client.Contact.V3.User.FindByDepartmentAllAsync(new() { DepartmentId = department, UserIdType = "open_id", PageSize = PageSize },
                calls.Call(app, Endpoints.UserFindByDepartment), cancellation))
            {
                Add(people, user);
                if (people.Count > MostPeople) throw TooLarge();
            }
        }
        catch (FeishuApiException e) when (department == Root && e.MissingScopes.Count == 0 && !e.IsTransient)
        {
            // The root's own members are for apps whose range is the whole company.
            return;
        }
    }

    private static void Add(Dictionary<string, PlatformPerson> people, User user)
    {
        if (user.OpenId is { Length: > 0 } id) people[id] = PersonOf(user);
    }

    private static RequestRefusedException TooLarge() => RequestRefusedException.Impossible("directory_too_large", null,
        $"The app sees more than {MostPeople} people or {MostDepartments} departments: too many to search for an employee number. Name people by email or user_id.");
}
