using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Larkspur.Cli.Output;

namespace Larkspur.Cli.Calls;

/// <summary>A list of the API that comes in pages, read as far as somebody wants it.</summary>
internal sealed class PagedList(VerbCall call, string path, int most, int pageSize, params (string Name, string? Value)[] query)
{
    /// <summary>There was more than was wanted.</summary>
    public bool More { get; private set; }

    public async IAsyncEnumerable<JsonElement> ReadAsync()
    {
        var left = most;
        string? token = null;
        do
        {
            List<(string Name, string? Value)> asked = [.. query, ("page_size", Math.Min(left, pageSize).ToString(CultureInfo.InvariantCulture)), ("page_token", token)];
            var page = await call.Gateway.GetAsync($"{path}?{string.Join('&', asked.Where(p => p.Value is not null).Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}"))}", call.Cancellation);
            foreach (var item in page.GetProperty("items").EnumerateArray())
            {
                if (left-- == 0)
                {
                    More = true;
                    yield break;
                }

                yield return item;
            }

            token = page.Is("has_more") && page.Text("page_token") is { Length: > 0 } next ? next : null;
            More = token is not null;
        }
        while (token is not null && left > 0);
    }
}

/// <summary>How many of something.</summary>
internal static class Limit
{
    public static Option<int> Option(int normally, string help, int most = 100_000)
    {
        var limit = new Option<int>("--limit") { Description = help, DefaultValueFactory = _ => normally };
        limit.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && (number < 1 || number > most))
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"--limit is 1 to {most}."));
        });
        return limit;
    }
}
