using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Directory.Listening;

/// <summary>Until when an app's events could reach some process.</summary>
internal static class ListeningRows
{
    /// <summary>Null: nothing is known.</summary>
    public static async ValueTask<DateTimeOffset?> UntilAsync(ISql sql, string platform, string app) =>
        await sql.NumberAsync("SELECT heard_until FROM directory_listening WHERE platform = $1 AND app = $2", platform, app) is { } until
            ? DateTimeOffset.FromUnixTimeMilliseconds(until) : null;

    /// <summary>They can until now.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="platform">Whose events they are.</param>
    /// <param name="app">The app.</param>
    /// <param name="before">What was known; null: nothing.</param>
    /// <param name="until">What is.</param>
    /// <returns>False: another process was faster.</returns>
    public static async ValueTask<bool> WriteAsync(
        IUnitOfWork unit, string platform, string app, DateTimeOffset? before, DateTimeOffset until) => await unit.ExecuteAsync("""
            INSERT INTO directory_listening (platform, app, heard_until) VALUES ($1, $2, $3)
            ON CONFLICT (platform, app) DO UPDATE SET heard_until = $3 WHERE directory_listening.heard_until = $4
            """, platform, app, until.ToUnixTimeMilliseconds(), before?.ToUnixTimeMilliseconds() ?? -1) == 1;
}
