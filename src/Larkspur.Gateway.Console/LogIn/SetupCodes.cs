using Larkspur.Gateway.Api;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Console.LogIn;

/// <summary>
/// The code that makes its reader the first administrator: whoever finds the port first does not become one. Good once, for ten minutes.
/// </summary>
/// <remarks>
/// It is told to whoever has this machine: in a file of the data folder that its owner alone reads, and on the terminal where there is
/// one. It is not logged, for logs are shipped. The database has its hash. When it has expired, the next look at the page makes another.
/// </remarks>
internal sealed partial class SetupCodes(
    IDatabase database, ConsoleSettings settings, ApiOptions api, TimeProvider clock, ILogger<SetupCodes> logger) : IDisposable
{
    /// <summary>How long a code is good.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromMinutes(10);

    private const string Purpose = "setup:";
    private const int MostKept = 20;

    private readonly SemaphoreSlim _one = new(1);
    private DateTimeOffset? _madeAt;

    /// <summary>Where the code stands.</summary>
    public string FileName => settings.SetupCodeFile;

    /// <summary>Makes a code and tells it, unless the one that this process made is still good.</summary>
    public async Task OfferAsync(CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            var now = clock.GetUtcNow();
            if (_madeAt is { } made && now - made < Lasts && await IsThereAsync(made, cancellation)) return;
            var code = GroupedCode.Make();
            await database.TransactAsync(async unit =>
            {
                await unit.ExecuteAsync("DELETE FROM console_setup_code WHERE made_at <= $1", (now - Lasts).ToUnixTimeMilliseconds());
                await unit.ExecuteAsync("INSERT INTO console_setup_code (hash, made_at) VALUES ($1, $2)",
                    GroupedCode.HashOf(Purpose, code), now.ToUnixTimeMilliseconds());
                await unit.ExecuteAsync($"""
                    DELETE FROM console_setup_code
                    WHERE hash NOT IN (SELECT hash FROM console_setup_code ORDER BY made_at DESC LIMIT {MostKept})
                    """);
            }, cancellation);
            await TellAsync(code, cancellation);
            _madeAt = now;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Whether it is a good one. It is used up then: of two who enter it at once the second waits and finds it gone.</summary>
    public async ValueTask<bool> TakeAsync(IUnitOfWork unit, string? code) =>
        GroupedCode.HashOf(Purpose, code) is { } hash
        && await unit.ExecuteAsync("DELETE FROM console_setup_code WHERE hash = $1 AND made_at > $2", hash,
            (clock.GetUtcNow() - Lasts).ToUnixTimeMilliseconds()) == 1;

    /// <summary>There is an account: what stands in the file is worth nothing.</summary>
    public void Forget()
    {
        try
        {
            File.Delete(FileName);
        }
        catch (DirectoryNotFoundException)
        {
            // Nor is there a file, then.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            CodeNotRemoved(FileName, e.Message);
        }
    }

    public void Dispose() => _one.Dispose();

    /// <summary>Where the code is entered, as this machine reaches it.</summary>
    private string Address => api.Urls[0].TrimEnd('/').Replace("://*", "://127.0.0.1", StringComparison.Ordinal)
        .Replace("://+", "://127.0.0.1", StringComparison.Ordinal).Replace("://0.0.0.0", "://127.0.0.1", StringComparison.Ordinal)
        .Replace("://[::]", "://127.0.0.1", StringComparison.Ordinal) + ConsolePaths.Setup;

    private async Task<bool> IsThereAsync(DateTimeOffset made, CancellationToken cancellation) =>
        await database.ReadAsync(sql => sql.NumberAsync("SELECT 1 FROM console_setup_code WHERE made_at = $1 LIMIT 1",
            made.ToUnixTimeMilliseconds()), cancellation) is not null;

    private async Task TellAsync(string code, CancellationToken cancellation)
    {
        try
        {
            await WriteAsync(code, cancellation);
            CodeWritten(Address, FileName, (int)Lasts.TotalMinutes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            CodeNotWritten(FileName, e.Message);
        }

        // A terminal is read by who sits at it; what is redirected may be shipped anywhere.
        if (System.Console.IsErrorRedirected) return;
        await System.Console.Error.WriteLineAsync($"Set-up code of the console, for {Address}: {code}");
    }

    private async Task WriteAsync(string code, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(FileName))!);
        // Made anew: a file of before might be open to others, and would stay so.
        File.Delete(FileName);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new StreamWriter(FileName, options);
        await using (file) await file.WriteAsync((code + "\n").AsMemory(), cancellation);
    }

    [LoggerMessage(LogLevel.Warning, "The file of the set-up code, {File}, could not be removed: {Problem}. The code in it is used up")]
    private partial void CodeNotRemoved(string file, string problem);
    [LoggerMessage(LogLevel.Warning,
        "The console has no account yet. Open {Path} and enter the set-up code of {File}; it is good for {Minutes} minutes")]
    private partial void CodeWritten(string path, string file, int minutes);
    [LoggerMessage(LogLevel.Error, "The set-up code of the console could not be written to {File}: {Problem}")]
    private partial void CodeNotWritten(string file, string problem);
}
