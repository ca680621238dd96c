using System.CommandLine;
using System.Globalization;

namespace Larkspur.Cli.Calls;

/// <summary>A list of the API that comes in pages, read as far as somebody wants it.</summary>
/// <typeparam name="T">What is in it.</typeparam>
/// <typeparam name="TCursor">Where a page ends; null: it was the last one.</typeparam>
internal sealed class PagedList<T, TCursor>(int most, int pageSize, Func<TCursor?, int, Task<(IReadOnlyList<T> Items, TCursor? Next)>> page)
{
    /// <summary>There was more than was wanted.</summary>
    public bool More { get; private set; }

    public async IAsyncEnumerable<T> ReadAsync()
    {
        var left = most;
        TCursor? cursor = default;
        do
        {
            var (items, next) = await page(cursor, Math.Min(left, pageSize));
            foreach (var item in items)
            {
                if (left-- == 0)
                {
                    More = true;
                    yield break;
                }

                yield return item;
            }

            cursor = next;
            More = cursor is not null;
        }
        while (cursor is not null && left > 0);
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
