using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Larkspur.Emulator.Feishu.Tables;

namespace Larkspur.Emulator.Web.Tables;

/// <summary>A page of a table that somebody has open, and which cell they are at.</summary>
/// <param name="Id">Of the page, for as long as it is connected.</param>
internal sealed record OpenPage(string Id, string PersonId, string AppToken, string TableId, string? RecordId = null,
    string? FieldId = null, bool Editing = false);

/// <summary>News for one page: a change of a table of its base, or that others moved (no change), or that all is different.</summary>
internal sealed record PageNews(TableChange? Change, bool All = false);

/// <summary>Who has which table open: only in memory, and only while the page is connected.</summary>
internal sealed class OpenTablePages
{
    /// <summary>Beyond it no further page can follow a table.</summary>
    public const int MostPages = 500;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (OpenPage Page, PageFeed Feed)> _pages = new(StringComparer.Ordinal);

    public OpenTablePages(TableHistory history) => history.Changed += Tell;

    /// <returns>Null: there are too many.</returns>
    public PageFeed? Open(OpenPage page)
    {
        var feed = new PageFeed();
        lock (_gate)
        {
            if (_pages.Count >= MostPages) return null;
            _pages[page.Id] = (page, feed);
        }

        Moved(page);
        return feed;
    }

    public void Close(OpenPage page)
    {
        lock (_gate) _pages.Remove(page.Id);
        Moved(page);
    }

    /// <returns>False: the page is not connected, or not that person's.</returns>
    public bool Move(string id, string personId, string? recordId, string? fieldId, bool editing)
    {
        OpenPage moved;
        lock (_gate)
        {
            if (!_pages.TryGetValue(id, out var found) || found.Page.PersonId != personId) return false;
            moved = found.Page with { RecordId = recordId, FieldId = fieldId, Editing = editing };
            _pages[id] = (moved, found.Feed);
        }

        Moved(moved);
        return true;
    }

    /// <summary>The other pages of the same table.</summary>
    public IReadOnlyList<OpenPage> Others(OpenPage page)
    {
        lock (_gate)
        {
            return [.. _pages.Values.Select(p => p.Page).Where(p => Beside(p, page))];
        }
    }

    private void Moved(OpenPage page) =>
        Send(p => Beside(p, page), new PageNews(null));

    private static bool Beside(OpenPage one, OpenPage page) =>
        one.Id != page.Id && one.AppToken == page.AppToken && one.TableId == page.TableId;

    private void Tell(TableChange change) => Send(p => p.AppToken == change.AppToken, new PageNews(change));

    private void Send(Func<OpenPage, bool> to, PageNews news)
    {
        lock (_gate)
        {
            foreach (var (page, feed) in _pages.Values)
            {
                if (to(page)) feed.Tell(news);
            }
        }
    }
}

/// <summary>What one page has still to hear. A page that reads too slowly loses the oldest news, and then looks at everything.</summary>
internal sealed class PageFeed
{
    private readonly Channel<PageNews> _news;
    private int _lost;

    public PageFeed() => _news = Channel.CreateBounded<PageNews>(
        new BoundedChannelOptions(1_000) { FullMode = BoundedChannelFullMode.DropOldest }, _ => Interlocked.Exchange(ref _lost, 1));

    public void Tell(PageNews news) => _news.Writer.TryWrite(news);

    public async IAsyncEnumerable<PageNews> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var one in _news.Reader.ReadAllAsync(cancellationToken))
        {
            if (Interlocked.Exchange(ref _lost, 0) == 1) yield return new PageNews(null, All: true);
            yield return one;
        }
    }
}
