using System.Globalization;
using Larkspur.Gateway.People.Departments;
using Larkspur.WeCom.Contacts;

namespace Larkspur.Gateway.Channels.WeCom;

/// <inheritdoc cref="IDepartmentTree"/>
/// <remarks>The platform lists all departments that the application sees; the list is kept, so that a company of many departments costs one call an hour.</remarks>
internal sealed class WeComDepartments(WeComApps apps, TimeProvider clock) : IDepartmentTree, IDisposable
{
    private const int MostAbove = 100;
    private static readonly TimeSpan Keep = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly Dictionary<string, (IReadOnlyDictionary<long, long> Parents, DateTimeOffset Until)> _known = new(StringComparer.Ordinal);

    public string Platform => WeComApps.Platform;

    public async Task<DepartmentsAbove> ReadAsync(string app, string department, CancellationToken cancellation)
    {
        // A bot alone reads no address book.
        if (apps.Get(app).Client?.Contacts is not { } contacts || !long.TryParse(department, NumberStyles.None, CultureInfo.InvariantCulture, out var at)) return DepartmentsAbove.Unknown;
        var parents = await ParentsAsync(app, contacts, at, cancellation);
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

    public void Dispose() => _one.Dispose();

    private async Task<IReadOnlyDictionary<long, long>> ParentsAsync(string app, WeComContacts contacts, long wanted, CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            var now = clock.GetUtcNow();
            // One that is not in it was made since, as like as not.
            if (_known.TryGetValue(app, out var known) && known.Until > now && known.Parents.ContainsKey(wanted)) return known.Parents;
            var parents = new Dictionary<long, long>();
            foreach (var department in await contacts.DepartmentsAsync(cancellationToken: cancellation)) parents[department.Id] = department.ParentId;
            _known[app] = (parents, now + Keep);
            return parents;
        }
        finally
        {
            _one.Release();
        }
    }
}
