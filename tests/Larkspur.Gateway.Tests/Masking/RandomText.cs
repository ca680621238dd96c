using System.Text;

namespace Larkspur.Gateway.Tests.Masking;

/// <summary>Texts that are likely to trouble a masker: halves of personal data, glue of all kinds, and cases of the test set, by chance.</summary>
internal static class RandomText
{
    private static readonly string[] Pieces =
    [
        "1", "13", "138", "1234", "5678", "12345678", "13812345678", "138 1234 5678", "139-1234-5678", "86", "+86", "0086", "0", "00", "110101", "19900307", "4514", "110101199003074514", "X", "x",
        "6222", "4111111111111111", "4111 1111 1111 1111", "3782 822463 10005", "411111111111111", "110101490312001", "a", "b", "li", "tel", "phone", "id", "no", "com", "example", "li@example.com", "@", "＠", ".", "．", "-", "–", "_", "+", "%",
        " ", "  ", "　", "\u00a0", "\u200b", "\n", "，", "。", "：", ":", "/", "//", "://", "https://", "www.", "example.com/", "?", "=", "&", "(", ")", "（", "＋８６", "１３８", "１２３４", "５６７８", "电话", "元", "元旦", "¥", "$", "USD", "😀", "\ud83d", "\0",
        "EMP-1", "EMP-123456", "EMP-", "项目", "金鹰", "计划", "Falcon", "falcon", "xn--p1ai", "co.uk", "git@", "user:", "wx", "ext",
    ];

    public static string Next(Random random, IReadOnlyList<MaskingCase> cases, int pieces)
    {
        var text = new StringBuilder();
        for (var i = 0; i < pieces; i++)
        {
            var one = random.Next(12) == 0 ? cases[random.Next(cases.Count)].Text : Pieces[random.Next(Pieces.Length)];
            text.Append(one);
            if (random.Next(6) == 0) text.Append(one);
        }

        return text.ToString();
    }
}
