using System.Globalization;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Console.Pages.Welcome;

/// <summary>How far the first-run wizard came: whoever comes back goes on there.</summary>
internal sealed class WizardProgress(IDatabase database)
{
    private const string Note = "wizard_step";

    /// <summary>The step that is next, from 0 on.</summary>
    public async Task<int> ReadAsync(CancellationToken cancellation) =>
        await database.ReadAsync(sql => sql.FirstAsync("SELECT value FROM console_note WHERE name = $1", row => row.GetString(0), Note), cancellation) is { } text
        && int.TryParse(text, CultureInfo.InvariantCulture, out var step) ? step : 0;

    public Task KeepAsync(int step, CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        await unit.ExecuteAsync("INSERT INTO console_note (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value", Note, step.ToString(CultureInfo.InvariantCulture));
    }, cancellation);
}
