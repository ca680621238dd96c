using System.CommandLine;

namespace Larkspur.Cli.Calls;

/// <summary>The name under which a call is made once, however often it is repeated.</summary>
internal sealed class RepeatKey
{
    private const int Longest = 200;

    public RepeatKey() => Option.Validators.Add(result =>
    {
        // It goes as a header.
        if (result.Tokens.Count == 1 && (result.Tokens[0].Value is not { Length: > 0 and <= Longest } key || key.Any(c => c is < ' ' or > '~')))
            result.AddError($"--key has 1 to {Longest} characters, of ASCII.");
    });

    public Option<string?> Option { get; } = new("--key") { Description = "A name for this call: said again under it, nothing more is done." };

    /// <param name="call">The verb's run.</param>
    /// <param name="ask">Makes the call under the key that it is given.</param>
    /// <param name="own">The key that the request brings.</param>
    /// <exception cref="CallFailure">As the call's; where its answer was lost, it says how to ask again.</exception>
    public async Task<T> OnceAsync<T>(VerbCall call, Func<string, Task<T>> ask, string? own = null)
    {
        if (call.Get(Option) is { } given && own is not null && given != own) throw new CallFailure(ExitCodes.Usage, $"--key says {given}, and the file's own \"key\" says {own}.");
        // Also without a name of the caller's: an answer that was lost can be asked for again.
        var key = call.Get(Option) ?? own ?? "cli-" + Guid.NewGuid().ToString("N");
        try
        {
            return await ask(key);
        }
        catch (CallFailure e) when (e is { MayPass: true, ExitCode: ExitCodes.NoAnswer })
        {
            throw new CallFailure(e.ExitCode, $"{e.Message}\n  If it was taken all the same: with --key {key} it is not done twice.");
        }
    }
}
