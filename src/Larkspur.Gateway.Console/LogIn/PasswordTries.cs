using System.Text.Json.Nodes;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Console.LogIn;

/// <summary>
/// Counts tries of an account's password, at the log-in and within sessions together. A try is counted as failed before it is looked at.
/// </summary>
internal static class PasswordTries
{
    /// <summary>Counts a try.</summary>
    /// <returns>How many have failed in a row, this one among them; null: there is no such account, or it is locked or disabled, and
    /// nothing was counted.</returns>
    public static ValueTask<long?> CountAsync(IUnitOfWork unit, string name, DateTimeOffset now) => unit.NumberAsync("""
        UPDATE console_account SET failures = CASE WHEN locked_until IS NULL THEN failures + 1 ELSE 1 END,
          locked_until = CASE WHEN locked_until IS NULL AND failures + 1 >= $3 THEN $4 ELSE NULL END
        WHERE name = $1 AND disabled = 0 AND (locked_until IS NULL OR locked_until <= $2) RETURNING failures
        """, name, now.ToUnixTimeMilliseconds(), LogInPageService.MostFailures, (now + LogInPageService.LockedFor).ToUnixTimeMilliseconds());

    /// <summary>Writes down that this try locked the account, when it did.</summary>
    public static async ValueTask TellLockAsync(AuditTrail audit, IUnitOfWork unit, string name, long failures)
    {
        if (failures >= LogInPageService.MostFailures)
            await audit.AddAsync(unit, Actor.System, "account.locked", name,
                new JsonObject { ["minutes"] = (int)LogInPageService.LockedFor.TotalMinutes });
    }
}
