using System.Globalization;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Console.Pages.Welcome;

/// <summary>How far the first-run wizard came: whoever comes back goes on there.</summary>
internal sealed class WizardProgress(IDatabase database)
{
    private const string Step = "wizard_step";
    private const string Proven = "wizard_card_arrived:";

    /// <summary>The step that is next, from 0 on, and the platforms on which a card has arrived.</summary>
    public Task<(int Step, IReadOnlySet<string> Proven)> ReadAsync(CancellationToken cancellation) => database.ReadAsync(async sql =>
    {
        var notes = await sql.QueryAsync("SELECT name, value FROM console_note WHERE name LIKE 'wizard_%'", row =>
            (Name: row.GetString(0), Value: row.GetString(1)));
        var step = notes.FirstOrDefault(n => n.Name == Step).Value;
        var proven = notes.Where(n => n.Name.StartsWith(Proven, StringComparison.Ordinal)).Select(n => n.Name[Proven.Length..]);
        return (int.TryParse(step, CultureInfo.InvariantCulture, out var number) ? number
            : 0, (IReadOnlySet<string>)proven.ToHashSet(StringComparer.Ordinal));
    }, cancellation);

    public Task KeepAsync(int step, CancellationToken cancellation) => WriteAsync(Step, step.ToString(CultureInfo.InvariantCulture),
        cancellation);

    /// <summary>A card of the wizard has arrived on a platform.</summary>
    public Task ProveAsync(string platform, CancellationToken cancellation) => WriteAsync(Proven + platform, "true", cancellation);

    private Task WriteAsync(string name, string value, CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        await unit.ExecuteAsync(
            "INSERT INTO console_note (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, value);
    }, cancellation);
}
