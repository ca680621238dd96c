using Larkspur.Gateway.Documents;

namespace Larkspur.Gateway.Tests.Documents;

/// <summary>Which links are documents.</summary>
public sealed class LinkTests
{
    private const string Token = "DoxcAbCdEfGhIjKlMnOpQrStUvW";
    private const string Node = "WikiAbCdEfGhIjKlMnOpQrStUvW";

    [Fact]
    public async Task Links_are_found_wherever_people_put_them()
    {
        await using var fixture = await DocumentFixture.StartAsync(settings: new() { ["Larkspur:Documents:Hosts:0"] = "docs.mica.example" });
        var find = fixture.Documents.FindLinks;
        foreach (var text in (string[])
        [
            $"https://mica.feishu.cn/docx/{Token}", $"请总结https://mica.feishu.cn/docx/{Token}。谢谢", $"看一下（https://mica.feishu.cn/docx/{Token}）", $"[制度](https://mica.feishu.cn/docx/{Token}?from=chat#part)",
            $"<a href=\"https://mica.larksuite.com/docx/{Token}\">x</a>", $"https://feishu.cn/docx/{Token}#LXcd", $"HTTPS://MICA.LarkOffice.com/docx/{Token}/", $"https://mica.feishu.cn:443/docx/{Token}，再说",
            $"http://docs.mica.example/docx/{Token}", $"{fixture.Emulator.BaseUrl}docx/{Token} hi", $"https://mica.feishu.cn/docx/{Token} 和 https://x.feishu.cn/docx/{Token}?a=1",
        ])
        {
            var link = Assert.Single(find(text));
            Assert.Equal((DocumentKind.Docx, Token), (link.Kind, link.Token));
        }

        var both = find($"https://mica.feishu.cn/docx/{Token}、https://mica.feishu.cn/wiki/{Node}");
        Assert.Equal([(DocumentKind.Docx, Token), (DocumentKind.Wiki, Node)], both.Select(l => (l.Kind, l.Token)));
        Assert.Equal($"https://mica.feishu.cn/wiki/{Node}", both[1].Address);
    }

    [Fact]
    public async Task Other_addresses_are_none_and_five_are_enough()
    {
        await using var fixture = await DocumentFixture.StartAsync();
        foreach (var text in (string[])
        [
            "", "docx", $"https://evil.example/docx/{Token}", $"https://feishu.cn.evil.example/docx/{Token}", $"https://mica.feishu.cn@evil.example/docx/{Token}", $"https://notfeishu.cn/docx/{Token}",
            $"https://mica.feishu.cn:8080/docx/{Token}", $"https://mica.feishu.cn/sheets/{Token}", "https://mica.feishu.cn/docx/short", $"https://mica.feishu.cn/docx/{new string('a', 65)}", $"ftp://mica.feishu.cn/docx/{Token}",
            "https://mica.feishu.cn/wiki/space/7300000000000000001", $"mica.feishu.cn/docx/{Token}",
        ])
        {
            Assert.Empty(fixture.Documents.FindLinks(text));
        }

        var many = string.Join(' ', Enumerable.Range(0, 40).Select(i => $"https://mica.feishu.cn/docx/{Token[..25]}{i:00}"));
        Assert.Equal(["00", "01", "02", "03", "04"], fixture.Documents.FindLinks(many).Select(l => l.Token[25..]));
        // What costs an expression most, at the length of a long message.
        Assert.Empty(fixture.Documents.FindLinks(string.Concat(Enumerable.Repeat("https://" + new string('a', 250), 1_000))));
    }
}
