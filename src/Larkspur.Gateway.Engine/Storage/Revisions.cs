namespace Larkspur.Gateway.Storage;

/// <summary>Changes that are made one after another, in all processes: each takes the row of their name in table <c>revision</c>.</summary>
/// <remarks>What every process keeps a copy of as well is a <see cref="CachedTable{TRows, T}"/>, which does this by itself.</remarks>
internal static class Revisions
{
    /// <summary>Waits for the change before, and keeps the next waiting until the transaction ends. To be its first statement.</summary>
    public static async ValueTask TakeAsync(IUnitOfWork unit, string name) =>
        await unit.ExecuteAsync("UPDATE revision SET version = version + 1 WHERE name = $1", name);
}
