using System.CommandLine;
using System.Text.Json;
using Larkspur.Cli.Output;

namespace Larkspur.Cli.Calls;

/// <summary>The request as a business system would make it, in a file.</summary>
internal sealed class WholeBody
{
    private readonly Option<string?> _body = new("--body") { Description = "The whole request as JSON, as the REST API has it: a file, or - for the input. The options that would say the same go without it." };

    /// <summary>Adds the option, and holds it apart from those which say the same; without it, what is needed is needed.</summary>
    /// <param name="command">The verb.</param>
    /// <param name="needed">Arguments and options that must be given when there is no file.</param>
    /// <param name="others">Those that may be.</param>
    public void AddTo(Command command, Symbol[] needed, Symbol[] others)
    {
        command.Add(_body);
        command.Validators.Add(result =>
        {
            bool Given(Symbol symbol) => symbol switch { Option o => result.GetResult(o) is { Implicit: false }, Argument a => result.GetResult(a) is { Tokens.Count: > 0 }, _ => false };
            if (result.GetResult(_body) is null)
            {
                if (needed.Where(s => !Given(s)).Select(NameOf).ToArray() is { Length: > 0 } missing) result.AddError($"Give {string.Join(", ", missing)}; or all of it in a file, by --body.");
            }
            else if (needed.Concat(others).FirstOrDefault(Given) is { } twice)
            {
                result.AddError($"{NameOf(twice)} goes without --body: say it in the file.");
            }
        });
    }

    /// <summary>
    /// What the file says, as it is written; null: there is no file. It goes past the typed client: through its records a misspelt member would be lost here, and the gateway could not say so.
    /// </summary>
    /// <exception cref="CallFailure">It cannot be read, or is not JSON.</exception>
    public async Task<string?> ReadAsync(VerbCall call) => call.Get(_body) is { } path ? await InputFile.JsonTextAsync(path, call.Cancellation) : null;

    /// <summary>Sends a body that names itself as it is, every other under the given key.</summary>
    public static Task<T> SendAsync<T>(VerbCall call, string path, string body, string key) => call.Gateway.SendAsync<T>(HttpMethod.Post, path, body, KeyIn(body) is null ? key : null, call.Cancellation);

    /// <summary>The key by which a body names itself; null: it does not, or there is no body.</summary>
    public static string? KeyIn(string? body)
    {
        if (body is null) return null;
        using var parsed = JsonDocument.Parse(body);
        return parsed.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("key", out var key) && key.ValueKind == JsonValueKind.String ? key.GetString() : null;
    }

    private static string NameOf(Symbol symbol) => symbol is Argument ? symbol.Name.ToUpperInvariant() : symbol.Name;
}
