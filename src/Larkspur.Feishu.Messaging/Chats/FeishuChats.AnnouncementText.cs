using Larkspur.Feishu.Api;
using Larkspur.Feishu.Api.Docx.V1;
using Task = System.Threading.Tasks.Task;

namespace Larkspur.Feishu.Messaging;

public readonly partial struct FeishuChats
{
    private const long PageBlock = 1;
    private const long TextBlock = 2;

    /// <summary>Most lines that one call adds to an announcement.</summary>
    private const int LinesPerCall = 50;

    /// <summary>The text of the group's announcement when it is a docx document, as all newer ones are: a line per block; empty when there is none.</summary>
    /// <param name="chatId"><c>oc_…</c></param>
    /// <param name="options">What every call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="FeishuApiException">The platform said no: 1772003 the bot is not in the group, 1772006 it is of the older kind, which <see cref="AnnouncementAsync"/> reads.</exception>
    public async Task<string> AnnouncementTextAsync(string chatId, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        var lines = new List<string>();
        await foreach (ChatAnnouncementBlockGetBlock block in _client.Docx.V1.Chat.Announcement.Block.ListAllAsync(new() { ChatId = Id(chatId), PageSize = 500 }, options, cancellationToken))
        {
            // The page is the announcement's own title, which people do not see.
            if (block.BlockType != PageBlock && AnnouncementBlocks.Words(block) is { } line) lines.Add(line);
        }

        return string.Join('\n', lines);
    }

    /// <summary>Replaces the text of the group's docx announcement.</summary>
    /// <remarks>Several calls, so not all at once for a reader: the new lines go to the top, then the old ones are removed. Changes of one group run one after the other.</remarks>
    /// <param name="chatId"><c>oc_…</c></param>
    /// <param name="text">The new announcement; each line becomes a paragraph. Empty clears it.</param>
    /// <param name="options">What every call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="FeishuApiException">The platform said no: 1772005 not permitted, 1772003 the bot is not in the group, 1772006 it is of the older kind.</exception>
    public Task SetAnnouncementTextAsync(string chatId, string text, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        FeishuClient client = _client;
        string chat = Id(chatId);
        string[] lines = text.Length == 0 ? [] : text.ReplaceLineEndings("\n").Split('\n');
        return ChatLocks.RunAsync(client, chat, async () =>
        {
            ChatAnnouncementBlockApi blocks = client.Docx.V1.Chat.Announcement.Block;
            ChatAnnouncementBlockGetBlock? page = null;
            await foreach (ChatAnnouncementBlockGetBlock block in blocks.ListAllAsync(new() { ChatId = chat, PageSize = 500 }, options, cancellationToken))
            {
                if (block.BlockType != PageBlock) continue;
                page = block;
                break;
            }

            string root = page?.BlockId ?? throw new FeishuApiException($"The announcement of {chat} has no page to write on.") { HttpStatus = 200, Endpoint = Api.Docx.V1.Endpoints.ChatAnnouncementBlockList.Id };
            int at = 0;
            foreach (string[] some in lines.Chunk(LinesPerCall))
            {
                await blocks.Children.CreateAsync(
                    new()
                    {
                        ChatId = chat, BlockId = root, Index = at, ClientToken = Guid.NewGuid().ToString(),
                        Children = [.. some.Select(line => new ChatAnnouncementBlockChildrenCreateBlock { BlockType = TextBlock, Text = AnnouncementBlocks.Line(line) })],
                    },
                    options,
                    cancellationToken);
                at += some.Length;
            }

            if (page.Children?.Count is > 0 and int old)
                await blocks.Children.BatchDeleteAsync(new() { ChatId = chat, BlockId = root, StartIndex = at, EndIndex = at + old, ClientToken = Guid.NewGuid().ToString() }, options, cancellationToken);
            return true;
        }, cancellationToken);
    }
}
