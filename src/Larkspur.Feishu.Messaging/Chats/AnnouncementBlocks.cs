using System.Text;
using Larkspur.Feishu.Api.Docx.V1;

namespace Larkspur.Feishu.Messaging;

/// <summary>Lines of text as blocks of a docx announcement, and back.</summary>
internal static class AnnouncementBlocks
{
    public static ChatAnnouncementBlockChildrenCreateText Line(string words) => new() { Elements = [new() { TextRun = new() { Content = words } }] };

    /// <summary>Null: a block without text of its own (a divider, an image, a table).</summary>
    public static string? Words(ChatAnnouncementBlockGetBlock block)
    {
        Text? text = block.Text ?? block.Heading1 ?? block.Heading2 ?? block.Heading3 ?? block.Heading4 ?? block.Heading5 ?? block.Heading6 ?? block.Heading7
            ?? block.Heading8 ?? block.Heading9 ?? block.Bullet ?? block.Ordered ?? block.Code ?? block.Quote ?? block.Equation ?? block.Todo;
        if (text is null) return null;
        var words = new StringBuilder();
        foreach (var element in text.Elements ?? [])
        {
            words.Append(element.TextRun?.Content ?? element.Equation?.Content ?? element.MentionDoc?.Title ?? (element.MentionUser?.UserId is { } user ? "@" + user : ""));
        }

        return words.ToString();
    }
}
