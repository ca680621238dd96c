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
    private const int NoRight = 50004;
    private const int NoRightToPerson = 50002;

    private readonly List<string> _refused = [];

    public IReadOnlyCollection<string> Refused => _refused;

    public string Company => company;

    public string Credentials => credentials;

    public IReadOnlyList<string> Range =>
        [.. Roots.Select(d => "department:" + DingTalkMembers.KeyOf(d)), .. (range.AuthedUser ?? []).Select(p => "person:" + p)];

    /// <summary>Departments of schools and their classes have ids of zero and below: pupils and parents are no colleagues.</summary>
    private IEnumerable<long> Roots => (range.AuthedDept ?? []).Where(DingTalkMembers.IsOfCompany);

    public async Task<IReadOnlyList<DirectoryDepartment>> DepartmentsAsync(CancellationToken cancellation)
    {
        var found = new List<DirectoryDepartment>();
        var known = new HashSet<long> { Root };
        var waiting = new Queue<long>();
        foreach (var root in Roots) await AddAsync(root);

        // The platform tells one level at a time, and who leads a department only of the one that is asked for.
        while (waiting.TryDequeue(out var parent))
        {
            try
            {
                foreach (var child in await contacts.ListDepartmentsAsync(parent, cancellation))
                {
                    if (DingTalkMembers.IsOfCompany(child.DeptId)) await AddAsync(child.DeptId);
                }
            }
            catch (DingTalkApiException e) when (e.Code == NoRight && parent != Root)
            {
                _refused.Add($"{DingTalkMembers.KeyOf(parent)}: {e.Message}");
            }
        }

        return found;

        async Task AddAsync(long id)
        {
            if (id == Root) waiting.Enqueue(id);
            if (!known.Add(id)) return;
            found.Add(DingTalkMembers.Of(await contacts.GetDepartmentAsync(id, cancellation)));
            waiting.Enqueue(id);
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
