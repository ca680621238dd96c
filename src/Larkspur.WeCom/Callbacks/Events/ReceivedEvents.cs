namespace Larkspur.WeCom.Callbacks;

/// <summary><c>subscribe</c>: the person can now use the app. Also when the visible range changes.</summary>
public sealed record Subscribed : WeComReceived;

/// <summary><c>unsubscribe</c>: the person can no longer use the app.</summary>
public sealed record Unsubscribed : WeComReceived;

/// <summary><c>enter_agent</c>: the person opened the app.</summary>
public sealed record AgentEntered(string Key) : WeComReceived;

/// <summary><c>LOCATION</c>: where the person is, for apps that may know.</summary>
/// <param name="Latitude">Degrees.</param>
/// <param name="Longitude">Degrees.</param>
/// <param name="Precision">Metres.</param>
public sealed record LocationReported(double Latitude, double Longitude, double Precision) : WeComReceived;

/// <summary><c>click</c>: an item of the app's menu.</summary>
public sealed record MenuClicked(string Key) : WeComReceived;

/// <summary><c>view</c>, <c>view_miniprogram</c>: a menu item that opens a page.</summary>
/// <param name="Key">Address or page path.</param>
/// <param name="IsMiniProgram">A page of a mini program.</param>
public sealed record MenuPageOpened(string Key, bool IsMiniProgram) : WeComReceived;

/// <summary><c>scancode_push</c>, <c>scancode_waitmsg</c>: a code was scanned from the menu.</summary>
/// <param name="Key">The menu item.</param>
/// <param name="Type"><c>qrcode</c>, …</param>
/// <param name="Result">What it says. From outside: judge it before use.</param>
/// <param name="Waits">The person waits for a reply.</param>
public sealed record CodeScanned(string Key, string Type, string Result, bool Waits) : WeComReceived;

/// <summary><c>pic_sysphoto</c>, <c>pic_photo_or_album</c>, <c>pic_weixin</c>: pictures are sent from the menu; they follow as messages.</summary>
/// <param name="Key">The menu item.</param>
/// <param name="Md5">One sum a picture.</param>
public sealed record PicturesSent(string Key, IReadOnlyList<string> Md5) : WeComReceived;

/// <summary><c>location_select</c>: a place was chosen from the menu.</summary>
public sealed record LocationSelected(string Key, double Latitude, double Longitude, int Scale, string Label, string PointOfInterest) : WeComReceived;

/// <summary><c>template_card_event</c>, <c>template_card_menu_event</c>: somebody acted on a card.</summary>
/// <param name="Key"><c>EventKey</c> of the button or menu entry.</param>
/// <param name="TaskId">The card's.</param>
/// <param name="CardType"><c>button_interaction</c>, …</param>
/// <param name="ResponseCode">For one update of the card within 72 hours. Secret while it lives.</param>
/// <param name="Selected">What was chosen, by question.</param>
/// <param name="IsMenu">The menu in the corner of a notice.</param>
public sealed record TemplateCardClicked(
    string Key, string TaskId, string CardType, string ResponseCode, IReadOnlyList<CardSelection> Selected, bool IsMenu) : WeComReceived
{
    /// <summary>Without the response code.</summary>
    public override string ToString() => $"{CardType} {TaskId}: {Key}";
}

/// <summary>What was chosen for one question of a card.</summary>
public sealed record CardSelection(string QuestionKey, IReadOnlyList<string> OptionIds);

/// <summary><c>batch_job_result</c>: an address-book job has ended.</summary>
public sealed record BatchJobEnded(string JobId, string JobType, int ErrorCode, string ErrorMessage) : WeComReceived;

/// <summary><c>upload_media_job_finish</c>: a large upload has ended; ask for its result.</summary>
public sealed record UploadJobEnded(string JobId) : WeComReceived;

/// <summary><c>kf_msg_or_event</c>: there is something to pull from customer service (see <c>CustomerService.SyncAsync</c>).</summary>
/// <param name="Token">Lifts the rate limit of that call for 10 minutes. Secret while it lives.</param>
/// <param name="OpenKfId">The account.</param>
public sealed record CustomerServicePing(string Token, string OpenKfId) : WeComReceived
{
    /// <summary>Without the token.</summary>
    public override string ToString() => $"customer service {OpenKfId}";
}

/// <summary><c>kf_account_auth_change</c>: accounts of customer service were given to the app or taken away.</summary>
public sealed record CustomerServiceAccountsChanged(IReadOnlyList<string> Added, IReadOnlyList<string> Removed) : WeComReceived;
