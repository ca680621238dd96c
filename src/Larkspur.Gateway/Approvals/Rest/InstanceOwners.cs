using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Approvals;

/// <summary>Whose approval instances are: the systems that started them here, as such or as payments. What people start on the platform is no system's.</summary>
internal sealed class InstanceOwners(IDatabase database, OwnedObjects objects)
{
    /// <summary>The caller may read the instance.</summary>
    /// <exception cref="Messages.RequestRefusedException">For this caller there is none.</exception>
    public async Task DemandReadAsync(KeyGrant caller, string app, string id, CancellationToken cancellation)
    {
        if (!caller.ReadsAll) caller.DemandRead(await OfAsync(app, id, cancellation), app, ApprovalRelay.UnknownInstance);
    }

    /// <summary>The caller may act on the instance.</summary>
    /// <exception cref="Messages.RequestRefusedException">For this caller there is none, or it is there to be read only.</exception>
    public async Task DemandChangeAsync(KeyGrant caller, string app, string id, CancellationToken cancellation)
    {
        if (!caller.ChangesAll) caller.DemandChange(await OfAsync(app, id, cancellation), app, ApprovalRelay.UnknownInstance);
    }

    /// <summary>Of these instances those that the caller may read.</summary>
    public async Task<IReadOnlyList<string>> ReadableAsync(KeyGrant caller, string app, IReadOnlyList<string> codes, CancellationToken cancellation)
    {
        if (caller.ReadsAll || codes.Count == 0) return codes;
        var owners = await objects.OwnersOfAsync(app, OwnedObjects.Instance, codes, cancellation);
        object?[] values = [app, caller.Owner, .. codes];
        var places = string.Join(", ", codes.Select((_, i) => $"${i + 3}"));
        var payments = (await database.ReadAsync(sql => sql.QueryAsync($"SELECT instance_code FROM payment WHERE app = $1 AND owner = $2 AND instance_code IN ({places})",
            static row => row.GetString(0), values), cancellation)).ToHashSet(StringComparer.Ordinal);
        return [.. codes.Where(code => payments.Contains(code) || (owners.TryGetValue(code, out var owner) && caller.MayRead(owner)))];
    }

    /// <param name="app">The app.</param>
    /// <param name="id">Its code, or the uuid it was made under.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    private async Task<string?> OfAsync(string app, string id, CancellationToken cancellation) => await objects.OwnerOfAsync(app, OwnedObjects.Instance, id, cancellation)
        ?? await database.ReadAsync(sql => sql.FirstAsync("SELECT owner FROM payment WHERE app = $1 AND (instance_code = $2 OR uuid = $2)", static row => row.Text(0), app, id), cancellation);
}
