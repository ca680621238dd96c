namespace Larkspur.EndToEnd.Tests.WebClient;

/// <summary>Template cards of WeCom.</summary>
internal static class PlatformCards
{
    public static readonly object Buttons = new
    {
        card_type = "button_interaction", task_id = "t-1", source = new { desc = "Larkspur" }, main_title = new { title = "Payment 12,300.00", desc = "Monitors for the second floor" },
        action_menu = new { desc = "More", action_list = new[] { new { text = "Remind me", key = "later" } } }, quote_area = new { title = "Bob", quote_text = "Please before Friday" },
        horizontal_content_list = new object[] { new { keyname = "Applicant", value = "Alice", type = 3, userid = "alice" }, new { keyname = "Supplier", value = "Northwind", type = 1, url = "https://example.com/s" }, new { keyname = "Due", value = "Friday" } },
        button_selection = new { question_key = "q", title = "Account", option_list = new[] { new { id = "a", text = "Main" }, new { id = "b", text = "Reserve" } }, selected_id = "a" },
        button_list = new[] { new { text = "Approve", style = 1, key = "approve" }, new { text = "Reject", style = 3, key = "reject" } },
        jump_list = new[] { new { type = 1, title = "Open the order", url = "https://example.com/o" } }, card_action = new { type = 1, url = "https://example.com/p" },
    };

    public static readonly object Vote = new
    {
        card_type = "vote_interaction", task_id = "t-2", main_title = new { title = "For the kitchen" }, submit_button = new { text = "Vote", key = "vote" },
        checkbox = new { question_key = "k", mode = 1, option_list = new[] { new { id = "tea", text = "Tea" }, new { id = "coffee", text = "Coffee" }, new { id = "milk", text = "Milk" } } },
    };

    public static readonly object Notification = new
    {
        card_type = "text_notice", source = new { desc = "Warehouse" }, main_title = new { title = "Stock is low", desc = "Second floor" }, emphasis_content = new { title = "3", desc = "left" },
        sub_title_text = "Order before Friday", card_action = new { type = 1, url = "https://example.com/w" },
    };
}
