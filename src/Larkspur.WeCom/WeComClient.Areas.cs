using Larkspur.WeCom.Approvals;
using Larkspur.WeCom.Contacts;
using Larkspur.WeCom.CustomerService;
using Larkspur.WeCom.GroupChats;
using Larkspur.WeCom.Media;
using Larkspur.WeCom.Messages;
using Larkspur.WeCom.SignIn;

namespace Larkspur.WeCom;

public sealed partial class WeComClient
{
    /// <summary>Application messages.</summary>
    public WeComMessages Messages => field ??= new WeComMessages(this);

    /// <summary>Files.</summary>
    public WeComMedia Media => field ??= new WeComMedia(this);

    /// <summary>Group chats of the app.</summary>
    public WeComGroupChats GroupChats => field ??= new WeComGroupChats(this);

    /// <summary>Customer service.</summary>
    public WeComCustomerService CustomerService => field ??= new WeComCustomerService(this);

    /// <summary>Sign-in.</summary>
    public WeComSignIn SignIn => field ??= new WeComSignIn(this);

    /// <summary>The address book.</summary>
    public WeComContacts Contacts => field ??= new WeComContacts(this);

    /// <summary>Tags of the address book.</summary>
    public WeComTags Tags => field ??= new WeComTags(this);

    /// <summary>Approvals.</summary>
    public WeComApprovals Approvals => field ??= new WeComApprovals(this);
}
