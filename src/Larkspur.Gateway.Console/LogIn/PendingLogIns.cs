using Larkspur.Gateway.Console.Accounts;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Console.LogIn;

/// <summary>
/// Log-ins whose password was right and whose second step is not done. What the browser holds of one opens nothing but that step.
/// </summary>
internal sealed class PendingLogIns(IDatabase database, TimeProvider clock)
{
    /// <summary>How long the second step may take.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromMinutes(10);

    private static readonly string Columns = string.Join(", ", AccountStore.Columns.Split(", ").Select(c => "a." + c));

    /// <summary>Begins one in the transaction that took the password.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="account">Whose.</param>
    /// <param name="secret">Sealed: of a second factor to be set up; null: there is one, and a code is asked for.</param>
    /// <param name="signIn">The sign-in session that stands for the password; null: there was a password.</param>
    /// <returns>What the browser keeps.</returns>
    public async ValueTask<string> BeginAsync(IUnitOfWork unit, string account, string? secret, string? signIn)
    {
        var token = ConsoleToken.Make();
        var now = clock.GetUtcNow();
        await unit.ExecuteAsync("DELETE FROM console_log_in WHERE created_at < $1", (now - Lasts).ToUnixTimeMilliseconds());
        await unit.ExecuteAsync("""
            INSERT INTO console_log_in (id, account, stamp, created_at, secret, sign_in)
            SELECT $1, name, stamp, $3, $4, $5 FROM console_account WHERE name = $2
            """, ConsoleToken.IdOf(token), account, now.ToUnixTimeMilliseconds(), secret, signIn);
        return token;
    }

    /// <summary>The log-in of a token, or null: there is none, or it took too long, or the account's password is another by now.</summary>
    public async Task<PendingLogIn?> OfTokenAsync(string? token, CancellationToken cancellation = default) =>
        ConsoleToken.IdOf(token) is not { } id ? null
        : await database.ReadAsync(sql => sql.FirstAsync($"""
            SELECT {Columns}, p.secret, p.codes, p.sign_in FROM console_log_in AS p JOIN console_account AS a ON a.name = p.account
            WHERE p.id = $1 AND p.stamp = a.stamp AND a.disabled = 0 AND p.created_at > $2
            """, row => new PendingLogIn(id, AccountStore.Read(row, 0), row.Text(AccountStore.ColumnCount),
                row.Text(AccountStore.ColumnCount + 1))
            {
                SignIn = row.Text(AccountStore.ColumnCount + 2),
            },
            id, (clock.GetUtcNow() - Lasts).ToUnixTimeMilliseconds()), cancellation);

    /// <summary>The second factor was set up: its recovery codes, sealed, are shown next.</summary>
    public static async ValueTask KeepCodesAsync(IUnitOfWork unit, string id, string codes) =>
        await unit.ExecuteAsync("UPDATE console_log_in SET secret = NULL, codes = $2 WHERE id = $1", id, codes);

    /// <summary>Uses one up.</summary>
    /// <returns>Whether it was still there.</returns>
    public static async ValueTask<bool> TakeAsync(IUnitOfWork unit, string id) =>
        await unit.ExecuteAsync("DELETE FROM console_log_in WHERE id = $1", id) == 1;

    /// <summary>Ends those of an account in somebody's transaction: what their password was right for is another account by now.</summary>
    public static async ValueTask EndAllAsync(IUnitOfWork unit, string account) =>
        await unit.ExecuteAsync("DELETE FROM console_log_in WHERE account = $1", account);
}

/// <summary>A log-in before its second step.</summary>
/// <param name="Id">Of the row.</param>
/// <param name="Account">Whose it is.</param>
/// <param name="Secret">Sealed: of a second factor that is being set up.</param>
/// <param name="Codes">Sealed: recovery codes that were made just now, in lines.</param>
internal sealed record PendingLogIn(string Id, Account Account, string? Secret, string? Codes)
{
    /// <summary>The sign-in session that stood for the password, by its sid; null: there was a password.</summary>
    public string? SignIn { get; init; }

    /// <summary>What comes next.</summary>
    public LogInStep Step => Codes is not null ? LogInStep.Codes : Account.FactorAt is not null ? LogInStep.Code : LogInStep.SetUp;
}

/// <summary>What a log-in needs next.</summary>
internal enum LogInStep
{
    /// <summary>Nothing: a session has begun.</summary>
    Inside,

    /// <summary>A code of the second factor.</summary>
    Code,

    /// <summary>A second factor has to be set up.</summary>
    SetUp,

    /// <summary>It was; its recovery codes are shown.</summary>
    Codes,
}
