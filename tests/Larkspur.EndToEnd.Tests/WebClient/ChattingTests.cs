using System.Text.Json;
using Larkspur.Emulator.State;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.WebClient;

public sealed class ChattingTests(ChromiumFixture chromium)
{
    [Fact]
    public async Task A_message_written_on_one_page_arrives_on_another_persons_page_without_reload()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        var alice = await fixture.OpenAsync("alice", SeededCompany.PurchasingChat);
        var bob = await fixture.OpenAsync("bob", SeededCompany.PurchasingChat);

        await alice.Locator("#draft").FillAsync("Eight monitors arrived");
        await alice.Keyboard.PressAsync("Enter");

        await Expect(bob.Locator(".msg .text")).ToHaveTextAsync("Eight monitors arrived");
        await Expect(bob.Locator(".msg-head b")).ToHaveTextAsync("Alice");
        await Expect(alice.Locator(".msg.mine .text")).ToHaveTextAsync("Eight monitors arrived");
        await Expect(alice.Locator("#draft")).ToHaveValueAsync("");

        // Bob's open page has read it, Carol has not.
        await Expect(alice.Locator(".msg-foot")).ToHaveTextAsync("Read by 1 of 2");
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task Shift_enter_starts_a_new_line_and_text_is_never_markup()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        var page = await fixture.OpenAsync("alice", fixture.BotChatOf("alice"));

        await page.Locator("#draft").PressSequentiallyAsync("<img src=x onerror=alert(1)>");
        await page.Keyboard.PressAsync("Shift+Enter");
        await page.Keyboard.TypeAsync("second line");
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.Locator(".msg .text")).ToHaveTextAsync("<img src=x onerror=alert(1)>\nsecond line", new() { UseInnerText = true });
        await Expect(page.Locator(".msg .text img")).ToHaveCountAsync(0);
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task An_at_sign_offers_the_members_and_the_mention_reaches_the_world()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        var page = await fixture.OpenAsync("alice", SeededCompany.PurchasingChat);

        await page.Locator("#draft").PressSequentiallyAsync("please look @bo");
        await Expect(page.Locator("#mentions button:visible")).Not.ToHaveCountAsync(0);
        await page.Locator("#mentions button[data-id=bob]").ClickAsync();
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.Locator(".msg .mention")).ToHaveTextAsync("@Bob");
        var message = Assert.Single(fixture.State.Messages(SeededCompany.PurchasingChat));
        Assert.Equal("bob", Assert.Single(message.Mentions).Id);

        var bob = await fixture.OpenAsync("bob", SeededCompany.PurchasingChat, "zh");
        await Expect(bob.Locator(".msg .mention.me")).ToHaveTextAsync("@鲍勃");
    }

    [Fact]
    public async Task A_mention_is_picked_with_the_keyboard_alone()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        var page = await fixture.OpenAsync("alice", SeededCompany.PurchasingChat);
        await page.Keyboard.TypeAsync("@");
        await Expect(page.Locator("#mentions button[aria-selected=true]")).ToHaveAttributeAsync("data-id", fixture.Bot.AppId);
        await WebClientFixture.PictureAsync(page, "mention");
        await page.Keyboard.PressAsync("ArrowUp");
        await Expect(page.Locator("#mentions button[aria-selected=true]")).ToHaveAttributeAsync("data-id", "all");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#draft")).ToHaveValueAsync("@Larkspur Assistant ");
        await page.Keyboard.TypeAsync("hello");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".msg .mention")).ToHaveTextAsync("@Larkspur Assistant");
        Assert.Equal(MentionKind.Bot, Assert.Single(Assert.Single(fixture.State.Messages(SeededCompany.PurchasingChat)).Mentions).Kind);
    }

    [Fact]
    public async Task Unread_messages_are_counted_in_the_list_and_gone_once_the_chat_is_open()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        var page = await fixture.OpenAsync("alice");
        var chat = page.Locator($"a[data-chat={fixture.BotChatOf("alice")}]");

        fixture.BotSays(fixture.BotChatOf("alice"), "text", """{"text":"first"}""");
        fixture.BotSays(fixture.BotChatOf("alice"), "text", """{"text":"second"}""");
        await Expect(chat.Locator(".badge")).ToHaveTextAsync("2");
        await Expect(chat.Locator(".preview")).ToHaveTextAsync("second");
        await Expect(page).ToHaveTitleAsync(new System.Text.RegularExpressions.Regex("^\\(2\\)"));

        await chat.ClickAsync();
        await Expect(page.Locator(".msg .text")).ToHaveCountAsync(2);
        await Expect(chat.Locator(".badge")).ToHaveCountAsync(0);
        Assert.Equal(0, fixture.State.Unread("alice", fixture.BotChatOf("alice")));
    }

    [Fact]
    public async Task A_person_replies_reacts_edits_and_recalls()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        var chatId = fixture.BotChatOf("alice");
        var said = fixture.BotSays(chatId, "text", """{"text":"What do you think?"}""");
        var page = await fixture.OpenAsync("alice", chatId);
        var theirs = page.Locator($"#m-{said.MessageId}");

        await theirs.HoverAsync();
        await theirs.Locator("summary").ClickAsync();
        await theirs.Locator("[data-emoji=THUMBSUP]").ClickAsync();
        await Expect(theirs.Locator(".reactions .own svg[aria-label=THUMBSUP]")).ToBeVisibleAsync();

        await theirs.HoverAsync();
        await theirs.Locator("[data-act=reply]").ClickAsync();
        await Expect(page.Locator("#composer-context")).ToContainTextAsync("Replying to Larkspur");
        await page.Locator("#draft").FillAsync("fine");
        await page.Keyboard.PressAsync("Enter");
        var mine = page.Locator(".msg.mine");
        await Expect(mine.Locator(".quote")).ToContainTextAsync("What do you think?");

        await mine.HoverAsync();
        await mine.Locator("[data-act=edit]").ClickAsync();
        await page.Locator("#draft").FillAsync("very fine");
        await page.Keyboard.PressAsync("Enter");
        await Expect(mine.Locator(".text")).ToHaveTextAsync("very fine");
        await Expect(mine.Locator(".msg-foot")).ToContainTextAsync("edited");

        await mine.HoverAsync();
        await mine.Locator("[data-act=recall]").ClickAsync();
        await Expect(page.Locator(".notice")).ToHaveTextAsync("You recalled a message");
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task Every_kind_of_message_is_shown()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        var chatId = SeededCompany.PurchasingChat;
        fixture.State.Put(TestPicture.Stored("img_one"));
        fixture.State.Put(new StoredFile
        {
            Key = "file_one", IsImage = false, Name = "invoice.pdf", Type = "pdf", ContentType = "application/pdf", Bytes = new byte[2048], OwnerId = "alice",
        });
        fixture.BotSays(chatId, "post", """
            {"en_us":{"title":"Delivery","content":[[{"tag":"text","text":"bold","style":["bold"]},{"tag":"a","text":"site","href":"https://example.com"},{"tag":"at","user_id":"bob"}],[{"tag":"img","image_key":"img_one"}],[{"tag":"code_block","language":"JSON","text":"{}"}],[{"tag":"hr"}],[{"tag":"md","text":"**strong**"}]]},"zh_cn":{"title":"到货","content":[[{"tag":"text","text":"加粗"}]]}}
            """);
        fixture.BotSays(chatId, "image", """{"image_key":"img_one"}""");
        fixture.BotSays(chatId, "file", """{"file_key":"file_one"}""");
        fixture.BotSays(chatId, "audio", """{"file_key":"none","duration":4200}""");
        fixture.BotSays(chatId, "media", """{"file_key":"none","image_key":"img_one","duration":61000}""");
        fixture.BotSays(chatId, "sticker", """{"file_key":"none"}""");
        fixture.BotSays(chatId, "share_user", """{"user_id":"carol"}""");
        fixture.BotSays(chatId, "share_chat", JsonSerializer.Serialize(new { chat_id = chatId }));
        fixture.BotSays(chatId, "system", """{"type":"divider","params":{"divider_text":{"text":"New","i18n_text":{"zh_CN":"新消息"}}}}""");
        fixture.BotSays(chatId, "text", "not json at all");

        var page = await fixture.OpenAsync("alice", chatId, height: 1700);
        await Expect(page.Locator(".post h4")).ToHaveTextAsync("Delivery");
        await Expect(page.Locator(".post .mention")).ToHaveTextAsync("@Bob");
        await Expect(page.Locator(".post a.lk")).ToHaveAttributeAsync("rel", "noopener noreferrer nofollow");
        await Expect(page.Locator(".bubble > .photo img")).ToHaveJSPropertyAsync("naturalWidth", 320);
        await Expect(page.Locator(".attachment b").First).ToHaveTextAsync("invoice.pdf");
        await Expect(page.Locator(".attachment.voice small")).ToHaveTextAsync("0:04");
        await Expect(page.Locator(".video .caption")).ToContainTextAsync("1:01");
        await Expect(page.GetByText("Contact", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(page.Locator(".notice")).ToHaveTextAsync("New");
        await Expect(page.Locator(".msg .text.muted")).ToHaveTextAsync("The content of this message cannot be read");
        await WebClientFixture.PictureAsync(page, "messages-en");

        var chinese = await fixture.OpenAsync("alice", chatId, "zh");
        await Expect(chinese.Locator(".post h4")).ToHaveTextAsync("到货");
        await Expect(chinese.Locator(".notice")).ToHaveTextAsync("新消息");
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task A_file_is_sent_from_the_composer()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        var page = await fixture.OpenAsync("alice", fixture.BotChatOf("alice"));
        await page.Locator("#attach").SetInputFilesAsync(new FilePayload { Name = "plan.txt", MimeType = "text/plain", Buffer = "plan"u8.ToArray() });
        await Expect(page.Locator(".attachment b")).ToHaveTextAsync("plan.txt");
        await page.Locator("#attach").SetInputFilesAsync(new FilePayload { Name = "photo.png", MimeType = "image/png", Buffer = TestPicture.Png() });
        await Expect(page.Locator(".photo img")).ToHaveJSPropertyAsync("naturalWidth", 320);
    }
}
