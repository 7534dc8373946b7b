#include "daemon/proto/dce_rpc_names.h"

#include <string.h>

static const char *const epmapper_operations[] = {
	"ept_insert",
	"ept_delete",
	"ept_lookup",
	"ept_map",
	"ept_lookup_handle_free",
	"ept_inq_object",
	"ept_mgmt_delete",
};

static const char *const netlogon_operations[] = {
	"NetrLogonUasLogon",
	"NetrLogonUasLogoff",
	"NetrLogonSamLogon",
	"NetrLogonSamLogoff",
	"NetrServerReqChallenge",
	"NetrServerAuthenticate",
	"NetrServerPasswordSet",
	"NetrDatabaseDeltas",
	"NetrDatabaseSync",
	"NetrAccountDeltas",
	"NetrAccountSync",
	"NetrGetDCName",
	"NetrLogonControl",
	"NetrGetAnyDCName",
	"NetrLogonControl2",
	"NetrServerAuthenticate2",
	"NetrDatabaseSync2",
	"NetrDatabaseRedo",
	"NetrLogonControl2Ex",
	"NetrEnumerateTrustedDomains",
	"DsrGetDcName",
	"NetrLogonGetCapabilities",
	"NetrLogonSetServiceBits",
	"NetrLogonGetTrustRid",
	"NetrLogonComputeServerDigest",
	"NetrLogonComputeClientDigest",
	"NetrServerAuthenticate3",
	"DsrGetDcNameEx",
	"DsrGetSiteName",
	"NetrLogonGetDomainInfo",
	"NetrServerPasswordSet2",
	"NetrServerPasswordGet",
	"NetrLogonSendToSam",
	"DsrAddressToSiteNamesW",
	"DsrGetDcNameEx2",
	"NetrLogonGetTimeServiceParentDomain",
	"NetrEnumerateTrustedDomainsEx",
	"DsrAddressToSiteNamesExW",
	"DsrGetDcSiteCoverageW",
	"NetrLogonSamLogonEx",
	"DsrEnumerateDomainTrusts",
	"DsrDeregisterDnsHostRecords",
	"NetrServerTrustPasswordsGet",
	"DsrGetForestTrustInformation",
	"NetrGetForestTrustInformation",
	"NetrLogonSamLogonWithFlags",
	"NetrServerGetTrustInfo",
};

static const char *const samr_operations[] = {
	"SamrConnect",
	"SamrCloseHandle",
	"SamrSetSecurityObject",
	"SamrQuerySecurityObject",
	[5] = "SamrLookupDomainInSamServer",
	"SamrEnumerateDomainsInSamServer",
	"SamrOpenDomain",
	"SamrQueryInformationDomain",
	"SamrSetInformationDomain",
	"SamrCreateGroupInDomain",
	"SamrEnumerateGroupsInDomain",
	"SamrCreateUserInDomain",
	"SamrEnumerateUsersInDomain",
	"SamrCreateAliasInDomain",
	"SamrEnumerateAliasesInDomain",
	"SamrGetAliasMembership",
	"SamrLookupNamesInDomain",
	"SamrLookupIdsInDomain",
	"SamrOpenGroup",
	"SamrQueryInformationGroup",
	"SamrSetInformationGroup",
	"SamrAddMemberToGroup",
	"SamrDeleteGroup",
	"SamrRemoveMemberFromGroup",
	"SamrGetMembersInGroup",
	"SamrSetMemberAttributesOfGroup",
	"SamrOpenAlias",
	"SamrQueryInformationAlias",
	"SamrSetInformationAlias",
	"SamrDeleteAlias",
	"SamrAddMemberToAlias",
	"SamrRemoveMemberFromAlias",
	"SamrGetMembersInAlias",
	"SamrOpenUser",
	"SamrDeleteUser",
	"SamrQueryInformationUser",
	"SamrSetInformationUser",
	"SamrChangePasswordUser",
	"SamrGetGroupsForUser",
	"SamrQueryDisplayInformation",
	"SamrGetDisplayEnumerationIndex",
	[44] = "SamrGetUserDomainPasswordInformation",
	"SamrRemoveMemberFromForeignDomain",
	"SamrQueryInformationDomain2",
	"SamrQueryInformationUser2",
	"SamrQueryDisplayInformation2",
	"SamrGetDisplayEnumerationIndex2",
	"SamrCreateUser2InDomain",
	"SamrQueryDisplayInformation3",
	"SamrAddMultipleMembersToAlias",
	"SamrRemoveMultipleMembersFromAlias",
	"SamrOemChangePasswordUser2",
	"SamrUnicodeChangePasswordUser2",
	"SamrGetDomainPasswordInformation",
	"SamrConnect2",
	"SamrSetInformationUser2",
	[62] = "SamrConnect4",
	[64] = "SamrConnect5",
	"SamrRidToSid",
	"SamrSetDSRMPassword",
	"SamrValidatePassword",
};

static const char *const lsarpc_operations[] = {
	"LsarClose",
	[2] = "LsarEnumeratePrivileges",
	"LsarQuerySecurityObject",
	"LsarSetSecurityObject",
	[6] = "LsarOpenPolicy",
	"LsarQueryInformationPolicy",
	"LsarSetInformationPolicy",
	[10] = "LsarCreateAccount",
	"LsarEnumerateAccounts",
	"LsarCreateTrustedDomain",
	"LsarEnumerateTrustedDomains",
	"LsarLookupNames",
	"LsarLookupSids",
	"LsarCreateSecret",
	"LsarOpenAccount",
	"LsarEnumeratePrivilegesAccount",
	"LsarAddPrivilegesToAccount",
	[28] = "LsarOpenSecret",
	"LsarSetSecret",
	"LsarQuerySecret",
	"LsarLookupPrivilegeValue",
	[34] = "LsarDeleteObject",
	"LsarEnumerateAccountsWithUserRight",
	"LsarEnumerateAccountRights",
	"LsarAddAccountRights",
	"LsarRemoveAccountRights",
	[42] = "LsarStorePrivateData",
	"LsarRetrievePrivateData",
	"LsarOpenPolicy2",
	"LsarGetUserName",
	"LsarQueryInformationPolicy2",
	[50] = "LsarEnumerateTrustedDomainsEx",
	[57] = "LsarLookupSids2",
	"LsarLookupNames2",
	[68] = "LsarLookupNames3",
	[76] = "LsarLookupSids3",
	"LsarLookupNames4",
};

static const char *const svcctl_operations[] = {
	"CloseServiceHandle",
	"ControlService",
	"DeleteService",
	"LockServiceDatabase",
	"QueryServiceObjectSecurity",
	"SetServiceObjectSecurity",
	"QueryServiceStatus",
	"SetServiceStatus",
	"UnlockServiceDatabase",
	"NotifyBootConfigStatus",
	[11] = "ChangeServiceConfigW",
	"CreateServiceW",
	"EnumDependentServicesW",
	"EnumServicesStatusW",
	"OpenSCManagerW",
	"OpenServiceW",
	"QueryServiceConfigW",
	"QueryServiceLockStatusW",
	"StartServiceW",
	"GetServiceDisplayNameW",
	"GetServiceKeyNameW",
	[23] = "ChangeServiceConfigA",
	"CreateServiceA",
	"EnumDependentServicesA",
	"EnumServicesStatusA",
	"OpenSCManagerA",
	"OpenServiceA",
	"QueryServiceConfigA",
	"QueryServiceLockStatusA",
	"StartServiceA",
	"GetServiceDisplayNameA",
	"GetServiceKeyNameA",
	[36] = "ChangeServiceConfig2A",
	"ChangeServiceConfig2W",
	"QueryServiceConfig2A",
	"QueryServiceConfig2W",
	"QueryServiceStatusEx",
	"EnumServicesStatusExA",
	"EnumServicesStatusExW",
	[44] = "CreateServiceWOW64A",
	"CreateServiceWOW64W",
};

static const char *const srvsvc_operations[] = {
	[8] = "NetrConnectionEnum",
	"NetrFileEnum",
	"NetrFileGetInfo",
	"NetrFileClose",
	"NetrSessionEnum",
	"NetrSessionDel",
	"NetrShareAdd",
	"NetrShareEnum",
	"NetrShareGetInfo",
	"NetrShareSetInfo",
	"NetrShareDel",
	"NetrShareDelSticky",
	"NetrShareCheck",
	"NetrServerGetInfo",
	"NetrServerSetInfo",
	"NetrServerDiskEnum",
	"NetrServerStatisticsGet",
	"NetrServerTransportAdd",
	"NetrServerTransportEnum",
	"NetrServerTransportDel",
	"NetrRemoteTOD",
	[30] = "NetprPathType",
	"NetprPathCanonicalize",
	"NetprPathCompare",
	"NetprNameValidate",
	"NetprNameCanonicalize",
	"NetprNameCompare",
	"NetrShareEnumSticky",
	"NetrShareDelStart",
	"NetrShareDelCommit",
	"NetrpGetFileSecurity",
	"NetrpSetFileSecurity",
};

static const char *const wkssvc_operations[] = {
	"NetrWkstaGetInfo",
	"NetrWkstaSetInfo",
	"NetrWkstaUserEnum",
	[5] = "NetrWkstaTransportEnum",
	"NetrWkstaTransportAdd",
	"NetrWkstaTransportDel",
	"NetrUseAdd",
	"NetrUseGetInfo",
	"NetrUseDel",
	"NetrUseEnum",
	[13] = "NetrWorkstationStatisticsGet",
	[20] = "NetrGetJoinInformation",
	[22] = "NetrJoinDomain2",
	"NetrUnjoinDomain2",
};

static const char *const winreg_operations[] = {
	"OpenClassesRoot",
	"OpenCurrentUser",
	"OpenLocalMachine",
	"OpenPerformanceData",
	"OpenUsers",
	"BaseRegCloseKey",
	"BaseRegCreateKey",
	"BaseRegDeleteKey",
	"BaseRegDeleteValue",
	"BaseRegEnumKey",
	"BaseRegEnumValue",
	"BaseRegFlushKey",
	"BaseRegGetKeySecurity",
	"BaseRegLoadKey",
	[15] = "BaseRegOpenKey",
	"BaseRegQueryInfoKey",
	"BaseRegQueryValue",
	"BaseRegReplaceKey",
	"BaseRegRestoreKey",
	"BaseRegSaveKey",
	"BaseRegSetKeySecurity",
	"BaseRegSetValue",
	"BaseRegUnLoadKey",
	[26] = "BaseRegGetVersion",
	"OpenCurrentConfig",
	[29] = "BaseRegQueryMultipleValues",
	[31] = "BaseRegSaveKeyEx",
	"OpenPerformanceText",
	"OpenPerformanceNlsText",
	"BaseRegQueryMultipleValues2",
	"BaseRegDeleteKeyEx",
};

static const char *const drsuapi_operations[] = {
	"DRSBind",
	"DRSUnbind",
	"DRSReplicaSync",
	"DRSGetNCChanges",
	"DRSUpdateRefs",
	"DRSReplicaAdd",
	"DRSReplicaDel",
	"DRSReplicaModify",
	"DRSVerifyNames",
	"DRSGetMemberships",
	"DRSInterDomainMove",
	"DRSGetNT4ChangeLog",
	"DRSCrackNames",
	"DRSWriteSPN",
	"DRSRemoveDsServer",
	"DRSRemoveDsDomain",
	"DRSDomainControllerInfo",
	"DRSAddEntry",
	"DRSExecuteKCC",
	"DRSGetReplInfo",
	"DRSAddSidHistory",
	"DRSGetMemberships2",
};

static const char *const atsvc_operations[] = {
	"NetrJobAdd",
	"NetrJobDel",
	"NetrJobEnum",
	"NetrJobGetInfo",
};

static const char *const ITaskSchedulerService_operations[] = {
	"SchRpcHighestVersion",
	"SchRpcRegisterTask",
	"SchRpcRetrieveTask",
	"SchRpcCreateFolder",
	"SchRpcSetSecurity",
	"SchRpcGetSecurity",
	"SchRpcEnumFolders",
	"SchRpcEnumTasks",
	"SchRpcEnumInstances",
	"SchRpcGetInstanceInfo",
	"SchRpcStopInstance",
	"SchRpcStop",
	"SchRpcRun",
	"SchRpcDelete",
	"SchRpcRename",
};

static const char *const spoolss_operations[] = {
	"RpcEnumPrinters",
	"RpcOpenPrinter",
	[9] = "RpcAddPrinterDriver",
	"RpcEnumPrinterDrivers",
	[29] = "RpcClosePrinter",
	[65] = "RpcRemoteFindFirstPrinterChangeNotificationEx",
	[69] = "RpcOpenPrinterEx",
	[89] = "RpcAddPrinterDriverEx",
};

static const char *const efsrpc_operations[] = {
	"EfsRpcOpenFileRaw",
	"EfsRpcReadFileRaw",
	"EfsRpcWriteFileRaw",
	"EfsRpcCloseRaw",
	"EfsRpcEncryptFileSrv",
	"EfsRpcDecryptFileSrv",
	"EfsRpcQueryUsersOnFile",
	"EfsRpcQueryRecoveryAgents",
};

static const char *const BackupKey_operations[] = {
	"bkrp_BackupKey",
};

static const char *const IObjectExporter_operations[] = {
	"ResolveOxid",
	"SimplePing",
	"ComplexPing",
	"ServerAlive",
	"ResolveOxid2",
	"ServerAlive2",
};

static const char *const IRemoteSCMActivator_operations[] = {
	[3] = "RemoteGetClassObject",
	"RemoteCreateInstance",
};

static const char *const IRemUnknown_operations[] = {
	[3] = "RemQueryInterface",
	"RemAddRef",
	"RemRelease",
};

static const char *const IRemUnknown2_operations[] = {
	[3] = "RemQueryInterface",
	"RemAddRef",
	"RemRelease",
	"RemQueryInterface2",
};

static const char *const IDispatch_operations[] = {
	[3] = "GetTypeInfoCount",
	"GetTypeInfo",
	"GetIDsOfNames",
	"Invoke",
};

static const char *const ITypeInfo_operations[] = {
	[3] = "GetTypeAttr",
	"GetTypeComp",
	"GetFuncDesc",
	"GetVarDesc",
	"GetNames",
	"GetRefTypeOfImplType",
	"GetImplTypeFlags",
	[12] = "GetDocumentation",
};

static const char *const IWbemLoginClientID_operations[] = {
	[3] = "SetClientInfo",
};

static const char *const IWbemLevel1Login_operations[] = {
	[3] = "EstablishPosition",
	"RequestChallenge",
	"WBEMLogin",
	"NTLMLogin",
};

static const char *const IWbemServices_operations[] = {
	[3] = "OpenNamespace",
	"CancelAsyncCall",
	"QueryObjectSink",
	"GetObject",
	"GetObjectAsync",
	"PutClass",
	"PutClassAsync",
	"DeleteClass",
	"DeleteClassAsync",
	"CreateClassEnum",
	"CreateClassEnumAsync",
	"PutInstance",
	"PutInstanceAsync",
	"DeleteInstance",
	"DeleteInstanceAsync",
	"CreateInstanceEnum",
	"CreateInstanceEnumAsync",
	"ExecQuery",
	"ExecQueryAsync",
	"ExecNotificationQuery",
	"ExecNotificationQueryAsync",
	"ExecMethod",
	"ExecMethodAsync",
};

#define INTERFACE(uuid, name)                                                    \
	{                                                                        \
		uuid, #name, name##_operations,                                  \
			sizeof(name##_operations) / sizeof(name##_operations[0]) \
	}

static const struct dce_rpc_interface interfaces[] = {
	INTERFACE("e1af8308-5d1f-11c9-91a4-08002b14a0fa", epmapper),
	INTERFACE("12345678-1234-abcd-ef00-01234567cffb", netlogon),
	INTERFACE("12345778-1234-abcd-ef00-0123456789ac", samr),
	INTERFACE("12345778-1234-abcd-ef00-0123456789ab", lsarpc),
	INTERFACE("367abb81-9844-35f1-ad32-98f038001003", svcctl),
	INTERFACE("4b324fc8-1670-01d3-1278-5a47bf6ee188", srvsvc),
	INTERFACE("6bffd098-a112-3610-9833-46c3f87e345a", wkssvc),
	INTERFACE("338cd001-2244-31f1-aaaa-900038001003", winreg),
	INTERFACE("e3514235-4b06-11d1-ab04-00c04fc2dcd2", drsuapi),
	INTERFACE("1ff70682-0a51-30e8-076d-740be8cee98b", atsvc),
	INTERFACE("86d35949-83c9-4044-b424-db363231fd0c", ITaskSchedulerService),
	INTERFACE("12345678-1234-abcd-ef00-0123456789ab", spoolss),
	INTERFACE("c681d488-d850-11d0-8c52-00c04fd90f7e", efsrpc),
	INTERFACE("3dde7c30-165d-11d1-ab8f-00805f14db40", BackupKey),
	INTERFACE("99fcfec4-5260-101b-bbcb-00aa0021347a", IObjectExporter),
	INTERFACE("000001a0-0000-0000-c000-000000000046", IRemoteSCMActivator),
	INTERFACE("00000131-0000-0000-c000-000000000046", IRemUnknown),
	INTERFACE("00000143-0000-0000-c000-000000000046", IRemUnknown2),
	INTERFACE("00020400-0000-0000-c000-000000000046", IDispatch),
	INTERFACE("00020401-0000-0000-c000-000000000046", ITypeInfo),
	INTERFACE("d4781cd6-e5d3-44df-ad94-930efe48a887", IWbemLoginClientID),
	INTERFACE("f309ad18-d86a-11d0-a075-00c04fb68820", IWbemLevel1Login),
	INTERFACE("9556dc99-828c-11cf-a37e-00aa003240c7", IWbemServices),
};

/* The bytes of a UUID in the order of its text: the first three numbers are little-endian. */
static const uint8_t order[DCE_RPC_UUID_BYTES] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14,
	15 };

void
dce_rpc_uuid_text(const uint8_t uuid[DCE_RPC_UUID_BYTES], char ret_text[DCE_RPC_UUID_TEXT])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < DCE_RPC_UUID_BYTES; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*ret_text++ = '-';
		*ret_text++ = digits[uuid[order[i]] >> 4];
		*ret_text++ = digits[uuid[order[i]] & 0xf];
	}
	*ret_text = '\0';
}

const struct dce_rpc_interface *
dce_rpc_interface_of_text(const char *uuid)
{
	for (size_t i = 0; i < sizeof(interfaces) / sizeof(interfaces[0]); i++)
		if (strcmp(interfaces[i].uuid, uuid) == 0)
			return &interfaces[i];
	return NULL;
}

const struct dce_rpc_interface *
dce_rpc_interface_of(const uint8_t uuid[DCE_RPC_UUID_BYTES])
{
	char text[DCE_RPC_UUID_TEXT];

	dce_rpc_uuid_text(uuid, text);
	return dce_rpc_interface_of_text(text);
}

const char *
dce_rpc_operation_name(const struct dce_rpc_interface *i, uint16_t number)
{
	return i != NULL && number < i->operation_count ? i->operations[number] : NULL;
}
