using System.Globalization;
using System.Runtime.CompilerServices;
using Larkspur.Gateway.People.Directory.Reading;
using Larkspur.WeCom;
using Larkspur.WeCom.Contacts;

namespace Larkspur.Gateway.Platforms.WeCom.Directory;

/// <inheritdoc cref="IDirectoryReading"/>
/// <param name="corp">The corp.</param>
/// <param name="credentials">Hashed.</param>
/// <param name="named">The application's address book: names, in its visible range.</param>
/// <param name="ids">That of the sync secret: ids alone, of everybody; null: there is no such secret.</param>
/// <param name="clock">The time.</param>
internal sealed class WeComDirectoryReading(string corp, string credentials, WeComContacts named, WeComContacts? ids, TimeProvider clock)
    : IDirectoryReading
{
    private const string Everybody = "ids";
    private const int Unknown = 60111;
    private const int OutOfRange = 60011;
    private const int NoDepartment = 60003;
    private const int PageSize = 500;

    /// <summary>Departments that the application sees. Listing them takes long: who only looks somebody up does without.</summary>
    private IReadOnlyList<Department> _visible = [];

    private Task<ILookup<string, long>>? _listed;

    public string Company => corp;

    public string Credentials => credentials;

    public IReadOnlyList<string> Range
    {
        get
        {
            var seen = _visible.Select(d => d.Id).ToHashSet();
            var tops = _visible.Where(d => !seen.Contains(d.ParentId)).Select(d => "department:" + WeComMembers.KeyOf(d.Id));
            return [.. ids is null ? [] : (string[])["everybody"], .. tops];
        }
    }

    /// <summary>The platform lists departments with one call.</summary>
    public IReadOnlyCollection<string> Refused => [];

    public async Task<IReadOnlyList<DirectoryDepartment>> DepartmentsAsync(Action<string> ready, CancellationToken cancellation)
    {
        _visible = await named.DepartmentsAsync(cancellationToken: cancellation);
        var seen = _visible.Select(d => d.Id).ToHashSet();
        // The sync secret tells all departments, without names.
        var unnamed = ids is null ? [] : (await ids.DepartmentIdsAsync(cancellation)).Where(d => !seen.Contains(d.Id)).ToArray();
        var known = seen.Concat(unnamed.Select(d => d.Id)).ToHashSet();
        return [.. _visible.Concat(unnamed).Select(d => WeComMembers.Of(d, known.Contains(d.ParentId)))];
    }

    /// <summary>The ids come last: whoever was told with a name before is not told again.</summary>
    public IReadOnlyList<string> Parts(IReadOnlyList<DirectoryDepartment> departments) =>
        [.. _visible.Select(d => WeComMembers.KeyOf(d.Id)), .. ids is null ? Array.Empty<string>() : [Everybody]];

    public IAsyncEnumerable<DirectoryPage> MembersAsync(string part, CancellationToken cancellation) =>
        part == Everybody ? EverybodyAsync(cancellation) : OfDepartmentAsync(part, cancellation);

    public async IAsyncEnumerable<LookedUp> LookUpAsync(IReadOnlyList<string> keys, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var key in keys) yield return await AskAsync(key, cancellation);
    }

    public async Task<DirectoryDepartment?> DepartmentAsync(string key, CancellationToken cancellation)
    {
        if (!long.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var id)) return null;
        try
        {
            return WeComMembers.Of(await named.DepartmentAsync(id, cancellation), isParentKnown: true);
        }
        catch (WeComApiException e) when (e.Code is NoDepartment or OutOfRange)
        {
            if (ids is null) return null;
            return (await ids.DepartmentIdsAsync(cancellation)).FirstOrDefault(d => d.Id == id) is { } found
                ? WeComMembers.Of(found, isParentKnown: true) : null;
        }
    }

    private async IAsyncEnumerable<DirectoryPage> OfDepartmentAsync(string department,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var askedAt = clock.GetUtcNow();
        var members = await named.MembersAsync(long.Parse(department, CultureInfo.InvariantCulture), cancellation);
        foreach (var some in members.Chunk(PageSize))
            yield return new DirectoryPage([.. some.Where(m => m.UserId.Length > 0).Select(m => WeComMembers.Of(corp, m))], askedAt);
    }

    private async IAsyncEnumerable<DirectoryPage> EverybodyAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var askedAt = clock.GetUtcNow();
        foreach (var some in (await ListedAsync(cancellation)).Chunk(PageSize))
            yield return new DirectoryPage([.. some.Select(m => WeComMembers.OfIds(corp, m.Key, m))], askedAt);
    }

    /// <summary>One reading of all ids, for all who want it.</summary>
    private Task<ILookup<string, long>> ListedAsync(CancellationToken cancellation) => 
        _listed is { IsFaulted: false, IsCanceled: false } listed ? listed : _listed = ReadAsync(cancellation);

    private async Task<ILookup<string, long>> ReadAsync(CancellationToken cancellation)
    {
        var rows = new List<MemberOfDepartment>();
        await foreach (var row in ids!.AllIdsAsync(cancellation)) rows.Add(row);
        return rows.ToLookup(r => r.UserId.ToLowerInvariant(), r => r.Department, StringComparer.Ordinal);
    }

    private async Task<LookedUp> AskAsync(string key, CancellationToken cancellation)
    {
        var askedAt = clock.GetUtcNow();
        try
        {
            return new LookedUp(key, MemberFate.Present, WeComMembers.Of(corp, await named.MemberAsync(key, cancellation)), askedAt);
        }
        catch (WeComApiException e) when (e.Code == Unknown)
        {
            return new LookedUp(key, MemberFate.Gone, null, askedAt);
        }
        catch (WeComApiException e) when (e.Code == OutOfRange)
        {
            // The application may not see them; that they are there shows in the list of ids.
            if (ids is null) return new LookedUp(key, MemberFate.Hidden, null, askedAt);
            var listed = await ListedAsync(cancellation);
            return listed.Contains(key.ToLowerInvariant()) ? new LookedUp(key, MemberFate.Present,
                WeComMembers.OfIds(corp, key.ToLowerInvariant(), listed[key.ToLowerInvariant()]), askedAt)
                : new LookedUp(key, MemberFate.Gone, null, askedAt);
        }
    }
}
