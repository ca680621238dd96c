using System.Collections.Concurrent;
using System.Globalization;
using Larkspur.Gateway.People.Departments;
using Larkspur.WeCom.Contacts;

namespace Larkspur.Gateway.Platforms.WeCom;

/// <inheritdoc cref="IDepartmentTree"/>
/// <remarks>
/// The platform lists all departments that the application sees, which takes a large company's list a while: it is read once an hour, whoever waits for it, and goes on when they have lost their patience.
/// </remarks>
internal sealed class WeComDepartments(WeComApps apps, TimeProvider clock) : IDepartmentTree, IDisposable
{
    private const int MostAbove = 100;
    private static readonly TimeSpan Keep = TimeSpan.FromHours(1);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    /// <summary>One that is not in the list may have been made since, or is never seen: the list is not read anew for each of these.</summary>
    private static readonly TimeSpan KeepWithout = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Listing> _lists = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();

    public string Platform => WeComApps.Platform;

    public async Task<DepartmentsAbove> ReadAsync(string app, string department, CancellationToken cancellation)
    {
        // A bot alone reads no address book.
        if (apps.Get(app).Client?.Contacts is not { } contacts || !long.TryParse(department, NumberStyles.None, CultureInfo.InvariantCulture, out var at)) return DepartmentsAbove.Unknown;
        var parents = await ParentsAsync(_lists.GetOrAdd(app, static _ => new Listing()), contacts, at).WaitAsync(cancellation);
        var above = new List<string>();
        while (parents.TryGetValue(at, out var parent) && above.Count < MostAbove)
        {
            if (parent == 0) return new DepartmentsAbove(above, true);
            above.Add(parent.ToString(CultureInfo.InvariantCulture));
            at = parent;
        }

        // Above the application's visible range.
        return new DepartmentsAbove(above, false);
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private Task<IReadOnlyDictionary<long, long>> ParentsAsync(Listing list, WeComContacts contacts, long wanted)
    {
        lock (list)
        {
            var age = clock.GetUtcNow() - list.ReadAt;
            if (list.Parents is { } parents && age < (parents.ContainsKey(wanted) ? Keep : KeepWithout)) return Task.FromResult(parents);
            if (list.Reading is not { IsCompleted: false }) list.Reading = ReadAsync(list, contacts, _stopping.Token);
            return list.Reading;
        }
    }

    private async Task<IReadOnlyDictionary<long, long>> ReadAsync(Listing list, WeComContacts contacts, CancellationToken stopping)
    {
        // Outside of the lock in which it is begun.
        await Task.Yield();
        using var limit = new CancellationTokenSource(Limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        var parents = new Dictionary<long, long>();
        foreach (var department in await contacts.DepartmentsAsync(cancellationToken: either.Token)) parents[department.Id] = department.ParentId;
        lock (list) (list.Parents, list.ReadAt) = (parents, clock.GetUtcNow());
        return parents;
    }

    /// <summary>An application's departments, each with its parent, and the reading of them that goes on.</summary>
    private sealed class Listing
    {
        public IReadOnlyDictionary<long, long>? Parents { get; set; }

        public DateTimeOffset ReadAt { get; set; }

        public Task<IReadOnlyDictionary<long, long>>? Reading { get; set; }
    }
}
