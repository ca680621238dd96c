using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Larkspur.DingTalk;
using Larkspur.DingTalk.Contacts;
using Larkspur.Gateway.People.Directory.Reading;

namespace Larkspur.Gateway.Platforms.DingTalk.Directory;

/// <inheritdoc cref="IDirectoryReading"/>
/// <param name="company">Stands for the company.</param>
/// <param name="credentials">Hashed.</param>
/// <param name="contacts">The app's calls.</param>
/// <param name="range">What the app may see.</param>
/// <param name="clock">The time.</param>
internal sealed class DingTalkDirectoryReading(
    string company, string credentials, DingTalkContacts contacts, DingTalkRange range, TimeProvider clock) : IDirectoryReading
{
    /// <summary>What events name people by.</summary>
    public const string UserId = "userid:";

    private const string SinglePeople = "single";
    private const long Root = 1;

    /// <summary>Enough for 20 calls a second, where one takes a third of a second.</summary>
    private const int AtOnce = 8;

    private const int NoRight = 50004;
    private const int NoRightToPerson = 50002;

    private readonly ConcurrentBag<string> _refused = [];

    public IReadOnlyCollection<string> Refused => _refused;

    public string Company => company;

    public string Credentials => credentials;

    public IReadOnlyList<string> Range =>
        [.. Roots.Select(d => "department:" + DingTalkMembers.KeyOf(d)), .. (range.AuthedUser ?? []).Select(p => "person:" + p)];

    /// <summary>Departments of schools and their classes have ids of zero and below: pupils and parents are no colleagues.</summary>
    private IEnumerable<long> Roots => (range.AuthedDept ?? []).Where(DingTalkMembers.IsOfCompany);

    /// <remarks>The platform tells one level at a time, and who leads a department only of the one that is asked for. Both endpoints have
    /// a limit of their own, so both are asked at once, of several departments of a level beside each other.</remarks>
    public async Task<IReadOnlyList<DirectoryDepartment>> DepartmentsAsync(Action<string> ready, CancellationToken cancellation)
    {
        var found = new List<DirectoryDepartment>();
        var known = new HashSet<long>();
        for (var level = Fresh(Roots); level.Length > 0;)
        {
            var told = new (DirectoryDepartment? Department, IReadOnlyList<long> Below)[level.Length];
            var bound = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation };
            await Parallel.ForAsync(0, level.Length, bound,
                async (place, limit) => told[place] = await DepartmentWithChildrenAsync(level[place], limit));
            found.AddRange(told.Select(t => t.Department).OfType<DirectoryDepartment>());
            level = Fresh(told.SelectMany(t => t.Below));
        }

        return found;

        // Their members have a third endpoint with a limit of its own.
        long[] Fresh(IEnumerable<long> ids)
        {
            long[] fresh = [.. ids.Where(known.Add)];
            foreach (var id in fresh) ready(DingTalkMembers.KeyOf(id));
            return fresh;
        }
    }

    public IReadOnlyList<string> Parts(IReadOnlyList<DirectoryDepartment> departments) =>
    [
        .. Roots.Contains(Root) ? (string[])[DingTalkMembers.KeyOf(Root)] : [], .. departments.Select(d => d.Key),
        .. range.AuthedUser is { Count: > 0 } ? (string[])[SinglePeople] : [],
    ];

    public IAsyncEnumerable<DirectoryPage> MembersAsync(string part, CancellationToken cancellation) =>
        part == SinglePeople ? SingleAsync(cancellation) : OfDepartmentAsync(long.Parse(part, CultureInfo.InvariantCulture), cancellation);

    public async IAsyncEnumerable<LookedUp> LookUpAsync(IReadOnlyList<string> keys, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var key in keys)
        {
            var askedAt = clock.GetUtcNow();
            var (fate, person) = await AskAsync(key, cancellation);
            yield return new LookedUp(key, fate, person is null ? null : DingTalkMembers.Of(person), askedAt);
        }
    }

    public async Task<DirectoryDepartment?> DepartmentAsync(string key, CancellationToken cancellation)
    {
        if (!long.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var id) || id == Root) return null;
        try
        {
            return DingTalkMembers.Of(await contacts.GetDepartmentAsync(id, cancellation));
        }
        catch (DingTalkApiException e) when (e.FailureKind == FailureKind.NotFound || e.Code == NoRight)
        {
            return null;
        }
    }

    /// <summary>A department, and the ids of those directly below it. The company itself is none.</summary>
    private async Task<(DirectoryDepartment? Department, IReadOnlyList<long> Below)> DepartmentWithChildrenAsync(
        long id, CancellationToken cancellation)
    {
        var below = BelowAsync(id, cancellation);
        var department = id == Root ? Task.FromResult<DirectoryDepartment?>(null) : AskDepartmentAsync(id, cancellation);
        await Task.WhenAll(below, department);
        return (await department, await below);
    }

    private async Task<DirectoryDepartment?> AskDepartmentAsync(long id, CancellationToken cancellation)
    {
        try
        {
            return DingTalkMembers.Of(await contacts.GetDepartmentAsync(id, cancellation));
        }
        catch (DingTalkApiException e) when (e.Code == NoRight)
        {
            _refused.Add($"{DingTalkMembers.KeyOf(id)}: {e.Message}");
            return null;
        }
    }

    private async Task<IReadOnlyList<long>> BelowAsync(long parent, CancellationToken cancellation)
    {
        try
        {
            var children = await contacts.ListDepartmentsAsync(parent, cancellation);
            return [.. children.Select(d => d.DeptId).Where(DingTalkMembers.IsOfCompany)];
        }
        catch (DingTalkApiException e) when (e.Code == NoRight && parent != Root)
        {
            _refused.Add($"{DingTalkMembers.KeyOf(parent)}: {e.Message}");
            return [];
        }
    }

    private async IAsyncEnumerable<DirectoryPage> OfDepartmentAsync(long department,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        long? cursor = 0;
        while (cursor is { } at)
        {
            var askedAt = clock.GetUtcNow();
            var page = await contacts.ListPageAsync(department, at, cancellation);
            yield return new DirectoryPage([.. page.People.Where(p => p.Userid.Length > 0).Select(p => DingTalkMembers.Of(p))], askedAt);
            cursor = page.Next;
        }
    }

    private async IAsyncEnumerable<DirectoryPage> SingleAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var user in range.AuthedUser ?? [])
        {
            var askedAt = clock.GetUtcNow();
            if (await AskAsync(UserId + user,
                cancellation) is { Person: { } person }) yield return new DirectoryPage([DingTalkMembers.Of(person)], askedAt);
        }
    }

    private async Task<(MemberFate Fate, DingTalkPerson? Person)> AskAsync(string key, CancellationToken cancellation)
    {
        try
        {
            var id = key.StartsWith(UserId, StringComparison.Ordinal)
                ? key[UserId.Length..] : await contacts.FindByUnionIdAsync(key, cancellation);
            return (MemberFate.Present, await contacts.GetAsync(id, cancellation));
        }
        catch (DingTalkApiException e) when (e.Code is NoRight or NoRightToPerson)
        {
            return (MemberFate.Hidden, null);
        }
        catch (DingTalkApiException e) when (e.FailureKind == FailureKind.NotFound)
        {
            return (MemberFate.Gone, null);
        }
    }
}
